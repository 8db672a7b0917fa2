"""The revisions of an event's time and place (rule 8), and how far those who are invited know of them."""

from django.db import models


class Revised(models.Model):
    """`sequence` rises on a material change of a published event, is the same in feed and invitation, never falls."""

    sequence = models.PositiveIntegerField(default=0, editable=False)
    # The sequence for which the organiser has settled whom to tell; lower than `sequence` while a change is untold.
    told_sequence = models.PositiveIntegerField(default=0, editable=False)
    # Answers to an earlier sequence no longer count: the organiser asked again.
    answers_from_sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def has_untold_change(self) -> bool:
        return self.told_sequence < self.sequence
