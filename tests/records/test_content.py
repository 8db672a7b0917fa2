"""Joining an older form with what others stored meanwhile."""

from minutes.records.content import base_of, join


def stored(pk, title, notes):
    return {"id": pk, "remove": False, "title": title, "notes": notes}


def typed(row, **changes):
    return {**row, "base": base_of("items", row), **changes}


def test_a_field_only_i_changed_keeps_mine():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before, notes="mitt")], [before])
    assert (row["notes"], row["beside"]) == ("mitt", {})


def test_a_field_only_the_other_changed_takes_theirs():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before)], [stored(1, "Lys", "deres")])
    assert (row["notes"], row["beside"]) == ("deres", {})


def test_a_field_both_changed_keeps_mine_with_theirs_beside():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before, notes="mitt")], [stored(1, "Lys", "deres")])
    assert (row["notes"], row["beside"]) == ("mitt", {"notes": "deres"})


def test_the_same_change_on_both_sides_is_no_conflict():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before, notes="likt")], [stored(1, "Lys", "likt")])
    assert (row["notes"], row["beside"]) == ("likt", {})


def test_different_fields_of_one_row_are_joined():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before, notes="mitt")], [stored(1, "Bedre lys", "gammelt")])
    assert (row["title"], row["notes"], row["beside"]) == ("Bedre lys", "mitt", {})


def test_rows_the_other_added_come_along_and_mine_follow():
    theirs, mine = (
        stored(2, "Ny", "deres"),
        {"id": None, "remove": False, "title": "Min", "notes": "", "base": ""},
    )
    assert [row["title"] for row in join("items", [mine], [theirs])] == ["Ny", "Min"]


def test_a_row_the_other_removed_comes_back_as_a_new_one():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before, notes="mitt")], [])
    assert (row["id"], row["notes"], row["was_removed"]) == (None, "mitt", True)


def test_a_tampered_base_counts_as_a_conflict_not_as_an_error():
    before = stored(1, "Lys", "gammelt")
    for base in (None, "", "{", "[1]", "7"):
        [row] = join("items", [typed(before, notes="mitt", base=base)], [before])
        assert (row["notes"], row["beside"]) == ("mitt", {"notes": "gammelt"})


def test_my_wish_to_remove_is_kept():
    before = stored(1, "Lys", "gammelt")
    [row] = join("items", [typed(before, remove=True)], [before])
    assert row["remove"] is True
