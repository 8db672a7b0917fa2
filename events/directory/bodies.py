"""What a body's name says about it, for bodies that a plan names before anybody entered them in the directory."""

from dataclasses import dataclass

from events.directory.models import OrganisationKind
from events.directory.searching import fold

# The first word that occurs decides; a school is municipal too, so it stands before "kommune".
WORDS = (
    (OrganisationKind.POLICE, ("politi", "kripos", "pst")),
    (OrganisationKind.SCHOOL, ("skole", "skule", "barnehage", "school")),
    (OrganisationKind.STATE, ("fylke", "statsforvalter", "departement", "direktorat", "rvts", "nav")),
    (OrganisationKind.STATE, ("konfliktradet", "regjering", "ministry", "universitet")),
    (OrganisationKind.MUNICIPAL, ("kommune", "bydel", "municipality")),
    (OrganisationKind.FAITH, ("menighet", "moske", "kirke", "trossamfunn", "synagoge", "tempel", "gurdwara")),
    (OrganisationKind.FAITH, ("human-etisk", "islamsk", "buddhist", "livssynssamfunn")),
    (OrganisationKind.NETWORK, ("nettverk", "network")),
    (OrganisationKind.NGO, ("rode kors", "forening", "idrettslag", "frivillig", "foundation", "stiftelse")),
)
SHORT = frozenset({"pst", "nav"})  # names that also occur inside other words


@dataclass(frozen=True)
class Known:
    """Facts about a named body that no plan repeats."""

    also: tuple[str, ...] = ()
    successor: str = ""


# The police reform of 2016 (Nærpolitireformen: 27 districts became 12); the older plans name the older districts.
KNOWN = {
    "Sandefjord politidistrikt": Known(also=("Sandefjord politi",), successor="Sør-Øst politidistrikt"),
    "Vestfold politidistrikt": Known(successor="Sør-Øst politidistrikt"),
    "Telemark politidistrikt": Known(successor="Sør-Øst politidistrikt"),
    "Søndre Buskerud politidistrikt": Known(successor="Sør-Øst politidistrikt"),
    "Nordre Buskerud politidistrikt": Known(successor="Sør-Øst politidistrikt"),
    "Østfold politidistrikt": Known(successor="Øst politidistrikt"),
    "Rogaland politidistrikt": Known(successor="Sør-Vest politidistrikt"),
}


def kind_of(name: str) -> OrganisationKind:
    """A sensible type for a body of this name; `OTHER` where the name says nothing."""
    folded = fold(name)
    words = set(folded.replace("/", " ").split())
    for kind, signs in WORDS:
        if any(sign in words if sign in SHORT else sign in folded for sign in signs):
            return kind
    return OrganisationKind.OTHER


def known(name: str) -> Known:
    return next((facts for usual, facts in KNOWN.items() if fold(usual) == fold(name)), Known())


def usual_name(name: str) -> str:
    """The name under which the directory keeps a body: "Sandefjord politi" is Sandefjord politidistrikt."""
    folded = fold(name)
    for usual, facts in KNOWN.items():
        if folded in {fold(other) for other in facts.also}:
            return usual
    return name
