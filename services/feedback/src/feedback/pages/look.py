"""Templates and words of feedback, and what both pages ask."""

from aftercare_http import Pages

pages = Pages("feedback")

QUESTIONS = ("technical_skill", "attitude", "timeliness")
