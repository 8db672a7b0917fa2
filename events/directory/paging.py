"""A page of a long list: first which rows, then what is shown of those fifty."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

PAGE = 50


def page_of(asked: QuerySet[Any], shown: QuerySet[Any], number: str | None, *, narrowed: bool) -> Page[Any]:
    """The page `number` of `asked`, each row fetched as `shown` fetches it, in the model's order.

    A narrowed list is looked through once, for its ids: counting it and then reading a page would be looking twice. A
    list that is not narrowed is counted, which an index answers.
    """
    ids = asked.values_list("pk", flat=True)
    page: Page[Any] = Paginator(list(ids) if narrowed else ids, PAGE).get_page(number)
    rows = shown.filter(pk__in=list(page.object_list))
    page.object_list = rows.order_by(*shown.model._meta.ordering)
    return page
