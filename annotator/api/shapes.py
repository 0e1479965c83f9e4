"""What goes in and what comes out. In-shapes refuse fields they do not know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from annotator.registry.models import Entity, EntityName
from annotator.teams.models import Role

Data = dict[str, Any]


class In(serializers.Serializer[Any]):
    """Input by field; what is not listed is refused, so nothing can be assigned by guessing names."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: [_("Unknown field.")] for name in unknown})
        return super().to_internal_value(data)


class StrictChar(serializers.CharField):
    """A string that came as a string and that PostgreSQL can hold."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("A text is needed."))
        if "\0" in data or any("\ud800" <= c <= "\udfff" for c in data):
            raise serializers.ValidationError(_("The text contains characters that cannot be stored."))
        return super().to_internal_value(data)


class RawChar(serializers.Field[Any, Any, Any, Any]):
    """The text of an article as it came; the corpus checks it and says where it is wrong."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("A text is needed."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class StrictInt(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError(_("A whole number is needed."))
        return super().to_internal_value(data)


class ProjectIn(In):
    name = StrictChar(max_length=120)
    description = StrictChar(required=False, allow_blank=True, max_length=10_000)
    codebook = serializers.DictField(required=False)


class ProjectPatch(In):
    name = StrictChar(required=False, max_length=120)
    description = StrictChar(required=False, allow_blank=True, max_length=10_000)
    pretag_on_import = serializers.BooleanField(required=False)
    open_documents = serializers.BooleanField(required=False)
    self_review = serializers.BooleanField(required=False)


class ProjectOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    state = serializers.CharField()
    role = serializers.CharField()
    created_at = serializers.DateTimeField()


class CodebookIn(In):
    body = serializers.DictField()
    note = StrictChar(required=False, allow_blank=True, max_length=2000)


class CodebookOut(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    body = serializers.DictField()


class MemberIn(In):
    email = StrictChar(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)


class MemberOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.CharField()
    invited = serializers.BooleanField()


class AssignmentIn(In):
    document = StrictInt(min_value=1)
    user = StrictChar(max_length=254)
    due_at = serializers.DateTimeField(required=False, allow_null=True)


class AssignmentOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    document = serializers.IntegerField()
    user = serializers.EmailField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)


class DocumentIn(In):
    title = StrictChar(required=False, allow_blank=True, max_length=500)
    text = RawChar()
    language = StrictChar(required=False, allow_blank=True, max_length=12)
    source_url = StrictChar(required=False, allow_blank=True, max_length=1000)
    published_at = serializers.DateField(
        required=False, allow_null=True, input_formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%SZ"]
    )
    author = StrictChar(required=False, allow_blank=True, max_length=200)
    source = StrictChar(required=False, allow_blank=True, max_length=200)
    external_id = StrictChar(required=False, allow_blank=True, max_length=200)
    metadata = serializers.DictField(required=False)
    body_start = StrictInt(required=False, min_value=0)


class DocumentRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField()
    source = serializers.CharField()
    source_url = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    direction = serializers.CharField()
    length = serializers.IntegerField()
    words = serializers.IntegerField()
    text_sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()


class DocumentOut(DocumentRow):
    project = serializers.IntegerField()
    text = serializers.CharField()
    body_start = serializers.IntegerField()
    metadata = serializers.DictField()


class PretagIn(In):
    taggers = serializers.ListField(child=StrictChar(max_length=40), required=False, max_length=20)
    documents = serializers.ListField(child=StrictInt(min_value=1), required=False, max_length=10_000)


class AcceptIn(In):
    edit = serializers.UUIDField(required=False)
    span = serializers.DictField(required=False)


class DecideIn(In):
    accept = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)
    reject = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=200)
    group = serializers.UUIDField(required=False)


class SubmissionIn(In):
    submission = StrictInt(required=False, min_value=1)
    user = StrictChar(required=False, max_length=254)


class ReturnIn(SubmissionIn):
    note = StrictChar(max_length=4000)


class SubmissionAcceptIn(SubmissionIn):
    replace = serializers.BooleanField(required=False)


class SubmissionOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    document = serializers.IntegerField()
    user = serializers.EmailField()
    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.CharField()
    at = serializers.DateTimeField()


class NameIn(In):
    lang = serializers.ChoiceField(choices=[("ar", "ar"), ("en", "en")])
    form = StrictChar(max_length=200)
    role = serializers.ChoiceField(choices=EntityName.Role.choices, default="ALIAS")


class ActorIn(In):
    kind = serializers.ChoiceField(choices=Entity.Kind.choices)
    names = serializers.ListField(child=NameIn(), min_length=1, max_length=100)
    country = StrictChar(required=False, allow_blank=True, max_length=3)
    sectors = serializers.ListField(child=StrictChar(max_length=3), required=False, max_length=10)
    note = StrictChar(required=False, allow_blank=True, max_length=10_000)


class MergeIn(In):
    into = StrictInt(min_value=1)


class ActorOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField()
    kind = serializers.CharField()
    country = serializers.CharField()
    sectors = serializers.ListField(child=serializers.CharField())
    name = serializers.DictField()
    names = serializers.ListField(child=serializers.DictField())
    merged_into = serializers.IntegerField(allow_null=True)


class ExportIn(In):
    format = serializers.CharField(max_length=20)
    set = serializers.CharField(max_length=20, required=False)
    filters = serializers.DictField(required=False)


class ExportOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    format = serializers.CharField()
    set = serializers.CharField()
    state = serializers.CharField()
    size = serializers.IntegerField()
    rows = serializers.IntegerField()
    sha256 = serializers.CharField()
    job = serializers.UUIDField()
    created_at = serializers.DateTimeField()


class JobOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=["queued", "running", "done", "failed", "cancelled"])
    progress = serializers.DictField()
    errors = serializers.ListField(child=serializers.DictField())
    result = serializers.DictField()
    failure = serializers.CharField()


class EditsIn(serializers.Serializer[Any]):
    """For the schema only: edits are read by `coding.payload`, which names each wrong place."""

    edits = serializers.ListField(child=serializers.DictField(), max_length=200)


class EditsOut(serializers.Serializer[Any]):
    set = serializers.DictField()
    edits = serializers.ListField(child=serializers.DictField())


class ProblemOut(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(required=False)
