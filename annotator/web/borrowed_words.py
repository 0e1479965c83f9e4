"""Words of django-allauth and Django that people meet here and that their own Arabic lacks, or says with stray letters or
English loans. Our catalogue goes before theirs, and `make messages` finds these words by the marks around them.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

ALLAUTH = (
    # fields
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Password (again)"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Remember Me"),
    _("Forgot your password?"),
    # what a form answers
    _("A user is already registered with this email address."),
    _("Incorrect password."),
    _("Please type your current password."),
    _("The email address and/or password you specified are not correct."),
    _("This account is currently inactive."),
    _("This email address is already associated with this account."),
    _("Too many failed login attempts. Try again later."),
    _("You cannot remove your primary email address."),
    _("You must type the same password each time."),
    # messages
    _("Confirmation email sent to %(email)s."),
    _("Password successfully changed."),
    _("Password successfully set."),
    _("Primary email address set."),
    _("Removed email address %(email)s."),
    _("You have confirmed %(email)s."),
    _("Your primary email address must be verified."),
    # mails
    _("Email Changed"),
    _("Email Confirmation"),
    _("Email Removed"),
    _("Password Changed"),
    _("Password Reset Email"),
    _("Password Set"),
    _("Please Confirm Your Email Address"),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Your email has been confirmed."),
    _("Your password has been changed."),
    _("Your password has been reset."),
    _("Your password has been set."),
    _("To confirm this is correct, go to %(activate_url)s"),
    _("Account Already Exists"),
    _("Unknown Account"),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("If it was you, you can sign up for an account using the link below."),
    _("This mail can be safely ignored if you did not initiate this action."),
    _("You are receiving this mail because the following change was made to your account:"),
    _(
        "If you do not recognize this change then please take proper security precautions immediately. The change to your "
        "account originates from:\n\n- IP address: %(ip)s\n- Browser: %(user_agent)s\n- Date: %(timestamp)s"
    ),
    _(
        "You're receiving this email because user %(user_display)s has given your email address to register an account on "
        "%(site_domain)s."
    ),
    _(
        "You're receiving this email because you or someone else has requested a password reset for your user account.\n"
        "It can be safely ignored if you did not request a password reset. Click the link below to reset your password."
    ),
    _(
        "You are receiving this email because you, or someone else, tried to access an account with email %(email)s. "
        "However, we do not have any record of such an account in our database."
    ),
    _(
        "You are receiving this email because you or someone else tried to signup for an\naccount using email address:\n\n"
        "%(email)s\n\nHowever, an account using that email address already exists.  In case you have\n"
        "forgotten about this, please use the password forgotten procedure to recover\nyour account:\n\n"
        "%(password_reset_url)s"
    ),
)

DJANGO = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
