"""Components: see the gallery at /composants/."""

from django import template

register = template.Library()
