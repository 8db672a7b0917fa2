"""What a service refuses, said beside the field it is about, so that nothing typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from events.plans.editing.bodies import LeadNeeded, ThereAlready
from events.plans.editing.services import NotReady, ReasonNeeded, Taken
from events.plans.predecessors import WrongOrder


@dataclass
class Saving:
    done: bool = False


@contextmanager
def kept(form: forms.Form) -> Iterator[Saving]:
    """Runs a service; `done` when it did not refuse. Otherwise the form holds the reason."""
    saving = Saving()
    try:
        yield saving
        saving.done = True
    except Taken:
        field = "number" if "number" in form.fields else "title"
        form.add_error(field, _("There is one with this number or title already."))
    except ReasonNeeded:
        form.add_error("reason", _("Say why: the plan is adopted."))
    except WrongOrder as error:
        form.add_error("predecessor", str(error))
    except ThereAlready:
        form.add_error("name_as_written", _("This body has this part already."))
    except LeadNeeded:
        form.add_error(
            "part", _("The plan is adopted, so somebody must lead the measure. Add another body first.")
        )
    except NotReady as error:
        form.add_error(None, _not_ready(error.without_lead))


def _not_ready(numbers: list[int]) -> str:
    if not numbers:
        return _("The plan has no measures yet.")
    return _("Nobody leads these measures yet: %(numbers)s.") % {"numbers": ", ".join(map(str, numbers))}
