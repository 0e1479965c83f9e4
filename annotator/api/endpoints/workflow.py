"""Who is to code what, handing in, and what the reviewers say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.base import PAGING, Endpoint, Flag, In, Text, Whole, number_param, operation, page_of
from annotator.coding import assignments
from annotator.coding.models import Assignment, Submission
from annotator.coding.queries import assignments_page, submissions_of
from annotator.corpus.queries import document_for
from annotator.errors import Conflict, Invalid, Missing
from annotator.review import services as review
from annotator.review.queries import compare, submission_for
from annotator.teams.access import Action


class AssignmentIn(In):
    document = Whole()
    user = Text(max_length=254, help_text="E-mail address of a member who may annotate.")
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class AssignmentOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    document = serializers.IntegerField()
    user = serializers.EmailField()
    state = serializers.ChoiceField(choices=Assignment.State.choices)
    due_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class SubmissionOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    document = serializers.IntegerField()
    user = serializers.EmailField()
    number = serializers.IntegerField(help_text="Counts the submissions of this person on this document.")
    sha256 = serializers.CharField(help_text="Of the snapshot, which never changes.")
    state = serializers.ChoiceField(choices=Assignment.State.choices)
    at = serializers.DateTimeField()


class AcceptedOut(SubmissionOut):
    gold = serializers.IntegerField(help_text="The id of the gold set.")


class WhichIn(In):
    """Whose work is meant. Not needed when one person only has submitted."""

    submission = Whole(required=False)
    user = Text(required=False, max_length=254)


class ReturnIn(WhichIn):
    note = Text(max_length=4000, help_text="What should be changed.")


class AcceptIn(WhichIn):
    replace = Flag(required=False, help_text="Take the place of the gold there is; the older gold is kept.")


class DifferenceOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    a = serializers.DictField(allow_null=True)
    b = serializers.DictField(allow_null=True)


class PairOut(serializers.Serializer[Any]):
    a = SubmissionOut()
    b = SubmissionOut()
    agreed = serializers.IntegerField()
    differences = DifferenceOut(many=True)


class ConflictsOut(serializers.Serializer[Any]):
    pairs = PairOut(many=True)


def assignment_data(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.pk,
        "document": assignment.document_id,
        "user": assignment.user.email,
        "state": assignment.state,
        "due_at": assignment.due_at,
        "created_at": assignment.created_at,
    }


def submission_data(submission: Submission) -> dict[str, Any]:
    assignment = submission.assignment
    return {
        "id": submission.pk,
        "document": assignment.document_id,
        "user": assignment.user.email,
        "number": submission.number,
        "sha256": submission.sha256,
        "state": assignment.state,
        "at": submission.at,
    }


class Assignments(Endpoint):
    @operation("Who is to code what", query=PAGING, answer=page_of(AssignmentOut))
    def get(self, request: Request, project_id: int) -> Response:
        """All assignments for those who manage or review, your own otherwise."""
        rows = assignments_page(actor=self.actor, project=self.project(project_id))
        return self.page(rows, assignment_data)

    @operation("Give a document to a person", body=AssignmentIn, answer=AssignmentOut, status=201)
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id, Action.ASSIGN)
        given = self.body(AssignmentIn)
        try:
            document = document_for(actor=self.actor, document_id=given["document"])
        except Missing:
            document = None
        if document is None or document.project_id != project.pk:
            raise Invalid(errors={"document": [_("This document is not in this project.")]})
        made = assignments.assign(actor=self.actor, document=document, email=given["user"], due_at=given.get("due_at"))
        return Response(assignment_data(made), status=201)


class Submit(Endpoint):
    @operation("Hand in your set", answer=SubmissionOut, status=201, refusals=[409, 422])
    def post(self, request: Request, document_id: int) -> Response:
        """Makes a snapshot that never changes, and closes your set. 422 `incomplete` where the codebook asks for more."""
        return Response(submission_data(assignments.submit(actor=self.actor, document_id=document_id)), status=201)


class Withdraw(Endpoint):
    @operation("Take your submission back", answer=AssignmentOut, refusals=[409])
    def post(self, request: Request, document_id: int) -> Response:
        """Before anybody reviewed it; your set opens again."""
        return Response(assignment_data(assignments.withdraw(actor=self.actor, document_id=document_id)))


class Reviewing(Endpoint):
    def submission(self, document_id: int, given: dict[str, Any]) -> Submission:
        """The submission that is meant: by id, by person, or the only one there is.

        Raises Conflict when there is none, Invalid when it is not clear which one.
        """
        document = document_for(actor=self.actor, document_id=document_id, action=Action.REVIEW)
        if "submission" in given:
            found = submission_for(actor=self.actor, submission_id=given["submission"])
            if found.assignment.document_id != document.pk:
                raise Missing()
            return found
        rows = submissions_of(document)
        if "user" in given:
            rows = rows.filter(assignment__user__email=given["user"].strip().lower())
        submitted = list(rows)
        waiting = [s for s in submitted if s.assignment.state == Assignment.State.SUBMITTED] or submitted
        if not waiting:
            raise Conflict(_("Nothing has been submitted on this document."))
        if len(waiting) > 1:
            raise Invalid(errors={"user": [_("Several people have submitted: say whose work is meant.")]})
        return submission_for(actor=self.actor, submission_id=waiting[0].pk)


class Return(Reviewing):
    @operation("Give a submission back with a note", body=ReturnIn, answer=SubmissionOut)
    def post(self, request: Request, document_id: int) -> Response:
        """The submission stays; the person's set opens again."""
        given = self.body(ReturnIn)
        submission = self.submission(document_id, given)
        review.return_(actor=self.actor, submission=submission, note=given["note"])
        return Response(submission_data(submission))


class Accept(Reviewing):
    @operation("Accept a submission as gold", body=AcceptIn, answer=AcceptedOut)
    def post(self, request: Request, document_id: int) -> Response:
        """409 `gold_exists` when there is gold already and `replace` is not given."""
        given = self.body(AcceptIn)
        submission = self.submission(document_id, given)
        gold = review.accept(actor=self.actor, submission=submission, replace=given.get("replace", False))
        return Response({**submission_data(submission), "gold": gold.pk})


class Conflicts(Endpoint):
    @operation(
        "Where submissions on a document differ, pair by pair",
        query=[number_param("a", "Only this submission …"), number_param("b", "… and this one.")],
        answer=ConflictsOut,
    )
    def get(self, request: Request, document_id: int) -> Response:
        document = document_for(actor=self.actor, document_id=document_id, action=Action.VIEW_SUBMISSIONS)
        rows = list(submissions_of(document))
        wanted = {self.query["a"], self.query["b"]} - {None}
        if wanted:
            rows = [s for s in rows if s.pk in wanted]
            if len(rows) != len(wanted):
                raise Missing()
        pairs = [_pair(a, b) for i, a in enumerate(rows) for b in rows[i + 1 :]]
        return Response({"pairs": pairs})


def _pair(a: Submission, b: Submission) -> dict[str, Any]:
    found = compare(a=a, b=b)
    return {
        "a": submission_data(a),
        "b": submission_data(b),
        "agreed": sum(d.kind == "agree" for d in found),
        "differences": [
            {"kind": d.kind, "start": d.start, "end": d.end, "a": d.a, "b": d.b} for d in found if d.kind != "agree"
        ],
    }
