"""How much an own calendar tells, in the person's words, so in all languages; staff's feeds have words of their own."""

from django.utils.translation import gettext_lazy as _

from events.calendar.selections import Detail

TOLD = (
    (Detail.FULL, _("everything, with the exact place once it is told to you")),
    (Detail.TITLE, _("title, time and your answer")),
    (Detail.BUSY, _("only that your time is taken")),
)
