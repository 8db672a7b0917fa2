"""Whatever points at a contact or organisation, today or tomorrow, follows it into the one that is kept."""

import pytest

from events.directory.merging import following, services
from events.directory.models import Contact, Organisation
from events.tenancy.scoping import TenantModel
from tests import factories
from tests.merging.rows import a_row, links_to

MAKE = {Contact: factories.contact, Organisation: factories.organisation}
LINKS = [(target, model, field.name) for target in MAKE for model, field in links_to(target)]


def rows_of(model):
    return (
        model.objects.across_tenants("a test of them all")
        if issubclass(model, TenantModel)
        else model.objects.all()
    )


def name(case):
    return getattr(case, "__name__", str(case))


def test_there_are_links_to_test():
    assert {(Contact, "Invitation", "contact"), (Organisation, "EventHost", "organisation")} <= {
        (target, model.__name__, field) for target, model, field in LINKS
    }


@pytest.mark.parametrize("target", MAKE, ids=name)
def test_the_merger_knows_every_foreign_key_of_the_product(target):
    known = {(link.model, link.field) for link in following.links_to(target)}
    assert known == set(links_to(target))


@pytest.mark.parametrize(("target", "model", "field"), LINKS, ids=name)
def test_a_row_follows_into_the_one_that_is_kept(sandefjord, kari, target, model, field):
    kept, gone = MAKE[target](sandefjord), MAKE[target](sandefjord)
    row = a_row(model, sandefjord, **{field: gone})
    services.merge(kept=kept, gone=gone, facts={}, by=kari)
    assert getattr(rows_of(model).get(pk=row.pk), f"{field}_id") == kept.pk
    assert not rows_of(target).filter(pk=gone.pk).exists()


@pytest.mark.parametrize(("target", "model", "field"), LINKS, ids=name)
def test_two_rows_that_may_not_stand_side_by_side_do_not_stop_a_merger(
    sandefjord, kari, target, model, field
):
    """The same row for both, where the model allows it: in one group, host of one meeting, invited to one meeting."""
    kept, gone = MAKE[target](sandefjord), MAKE[target](sandefjord)
    row = a_row(model, sandefjord, **{field: gone})
    foreign = [
        each
        for each in model._meta.concrete_fields
        if each.many_to_one and each.name not in ("tenant", field)
    ]
    a_row(model, sandefjord, **{each.name: getattr(row, each.name) for each in foreign}, **{field: kept})
    services.merge(kept=kept, gone=gone, facts={}, by=kari)
    assert not rows_of(model).filter(**{field: gone.pk}).exists()
    assert rows_of(model).filter(**{field: kept.pk}).exists()
