"""Tags for codebooks."""

from __future__ import annotations

from django import template
from django.urls import reverse

from annotator.web.codebook_css import FORM

register = template.Library()


@register.simple_tag
def codebook_css(project_id: int, number: int) -> str:
    """The address of a version's style sheet: another one once the form of sheets is another."""
    return f"{reverse('codebook_css', args=[project_id, number])}?form={FORM}"
