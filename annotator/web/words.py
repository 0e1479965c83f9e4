"""Words for codes that people see."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from annotator.teams.access import Action

ACTIONS = {
    Action.VIEW: _("See the project, its codebook and its actors"),
    Action.VIEW_ALL_DOCUMENTS: _("See all documents, not only assigned ones"),
    Action.VIEW_SUBMISSIONS: _("See submitted work of others"),
    Action.ANNOTATE: _("Code in one's own set"),
    Action.SUBMIT: _("Submit one's own work"),
    Action.REVIEW: _("Accept and return submissions"),
    Action.COMMENT: _("Comment: annotators on their own work, others on all of it"),
    Action.REOPEN_GOLD: _("Open accepted work again"),
    Action.ASSIGN: _("Assign documents to people"),
    Action.IMPORT: _("Import documents"),
    Action.PRETAG: _("Run the taggers"),
    Action.EXPORT: _("Export data"),
    Action.EDIT_REGISTRY: _("Change and merge actors"),
    Action.ADD_ACTOR: _("Add actors"),
    Action.EDIT_CODEBOOK: _("Change the codebook"),
    Action.EDIT_SETTINGS: _("Change the settings"),
    Action.VIEW_MEMBERS: _("See who belongs to the project"),
    Action.EDIT_MEMBERS: _("Invite and remove members"),
    Action.VIEW_ACTIVITY: _("Read the activity log"),
    Action.FREEZE: _("Freeze and open the project"),
    Action.ARCHIVE_DOCUMENT: _("Put documents in the bin"),
}

VERBS = {
    "project.created": _("created the project"),
    "project.changed": _("changed the settings"),
    "project.frozen": _("froze the project"),
    "project.opened": _("opened the project again"),
    "codebook.changed": _("made a new version of the codebook"),
    "member.added": _("added a member"),
    "member.invited": _("invited somebody"),
    "member.uninvited": _("withdrew an invitation"),
    "member.joined": _("joined"),
    "member.role": _("changed a role"),
    "member.removed": _("removed a member"),
    "token.created": _("made a token"),
    "token.revoked": _("revoked a token"),
    "document.imported": _("imported a document"),
    "document.archived": _("put a document in the bin"),
    "document.restored": _("brought a document back"),
    "import.requested": _("asked for an import"),
    "import.done": _("finished an import"),
    "pretag.requested": _("asked for pre-tagging"),
    "pretag.done": _("finished pre-tagging"),
    "suggestions.shown": _("looked at the suggestions after a first pass"),
    "export.requested": _("asked for an export"),
    "export.done": _("finished an export"),
    "job.cancelled": _("stopped a job"),
    "same.requested": _("asked for all the same to be marked"),
    "same.done": _("marked all the same"),
    "same.undo_requested": _("asked for marks to be taken back"),
    "same.undone": _("took marks back"),
    "assignment.made": _("assigned a document"),
    "assignment.made_many": _("assigned documents"),
    "assignment.revoked": _("took a document back"),
    "assignment.declined": _("declined a document"),
    "assignment.irrelevant": _("called a document irrelevant"),
    "assignment.relevant": _("took “irrelevant” back"),
    "assignment.put_aside": _("put a document aside"),
    "assignment.taken_up": _("took a document up again"),
    "comment.made": _("wrote a comment"),
    "comment.changed": _("changed a comment"),
    "comment.deleted": _("deleted a comment"),
    "comment.restored": _("brought a comment back"),
    "thread.resolved": _("resolved a thread"),
    "thread.reopened": _("opened a thread again"),
    "set.started": _("began to code"),
    "set.submitted": _("submitted"),
    "set.withdrawn": _("took a submission back"),
    "set.accepted": _("accepted a submission"),
    "set.returned": _("returned a submission"),
    "set.reopened": _("opened accepted work again"),
    "entity.added": _("added an actor"),
    "entity.changed": _("changed an actor"),
    "entity.renamed": _("changed the names of an actor"),
    "entity.merged": _("merged actors"),
    "entities.imported": _("imported actors"),
    "user.renamed": _("changed their name"),
    "entity.archived": _("put an actor in the bin"),
}

DOCUMENT_STATES = {
    "new": _("Not assigned"),
    "annotating": _("Being coded"),
    "submitted": _("Submitted"),
    "irrelevant": _("Irrelevant"),
    "gold": _("Gold"),
}

ATTRIBUTE_TYPES = {
    "choice": _("one of a list"),
    "choices": _("several of a list"),
    "text": _("free text"),
    "flag": _("yes or no"),
    "extent": _("words of the text"),
}

FIELDS = {
    "name": _("Name"),
    "description": _("What it is about"),
    "email": _("E-mail"),
    "role": _("Role"),
    "title": _("Title"),
    "text": _("Text"),
    "author": _("Author"),
    "source": _("Source"),
    "source_url": _("Address"),
    "published_on": _("Date"),
    "language": _("Language"),
    "file": _("File"),
    "annotations": _("Marks in JSONL files"),
    "note": _("Note"),
    "kind": _("Kind"),
    "country": _("Country code"),
    "names": _("Names"),
    "scopes": _("Scopes"),
    "project": _("Project"),
    "format": _("Format"),
    "set": _("What"),
}

TAGGERS = {
    "gazetteer": (_("Names and dates"), _("Finds actors and places of the registry and dates, in Arabic behind attached letters too.")),
    "events": (_("Events"), _("Finds verbs and nouns of the event lexicon and proposes the event type.")),
    "implications": (_("Implications"), _("Proposes the clause behind words such as “aims at”, “which means”, “leads to”.")),
}  # fmt: skip

DIFFERENCES = {
    "agree": _("same"),
    "trivial": _("only a particle, article or space"),
    "boundary": _("other boundaries"),
    "label": _("other label"),
    "attribute": _("other attributes"),
    "missing": _("only one has it"),
}
