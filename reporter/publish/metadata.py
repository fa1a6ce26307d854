"""What DataCite is told of a project: language, kind of resource, funders. Set before a DOI is minted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from reporter.names import did_you_mean
from reporter.publish.osf import Osf
from reporter.publish.plan import Incomplete, PublishError

RECORD = "custom-item-metadata-records"
KINDS = (  # DataCite 4.5, resourceTypeGeneral
    "Audiovisual", "Book", "BookChapter", "Collection", "ComputationalNotebook", "ConferencePaper",
    "ConferenceProceeding", "DataPaper", "Dataset", "Dissertation", "Event", "Image", "Instrument",
    "InteractiveResource", "Journal", "JournalArticle", "Model", "OutputManagementPlan", "PeerReview",
    "PhysicalObject", "Preprint", "Report", "Service", "Software", "Sound", "Standard", "StudyRegistration",
    "Text", "Workflow", "Other",
)  # fmt: skip
LANGUAGES = {  # ISO 639-1, as a study says it -> ISO 639-3, as OSF wants it
    "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld",
    "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip
Scheme = Literal["ISNI", "GRID", "Crossref Funder ID", "ROR", "Other", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funder:
    """Who paid, and by which award."""

    funder_name: str
    funder_identifier: str = ""
    funder_identifier_type: Scheme = ""
    award_number: str = ""
    award_uri: str = ""
    award_title: str = ""

    def __post_init__(self) -> None:
        if not self.funder_name.strip():
            raise PublishError("A funder has a name.", where="funding")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMetadata:
    """What the catalogue entry of a project says beside its title."""

    language: str = "eng"
    resource_type_general: str = "Dataset"
    funders: tuple[Funder, ...] = ()

    def __post_init__(self) -> None:
        if self.resource_type_general not in KINDS:
            raise PublishError(
                f'"{self.resource_type_general}" is no kind of resource.',
                where="resource_type_general",
                remedy=did_you_mean(self.resource_type_general, KINDS),
            )


def set_metadata(osf: Osf, node: str, wanted: ItemMetadata) -> tuple[str, ...]:
    """Let the catalogue entry of a project say what it should, and read it back.

    Returns
    -------
    tuple of str
        The fields that were changed; none if it said so already.

    Raises
    ------
    PublishError
        OSF refuses a value.
    Incomplete
        OSF took it, and says something else.
    """
    url = f"{osf.session.api}custom_item_metadata_records/{node}/"
    unread = "The catalogue entry cannot be read."
    attributes = asdict(wanted) | {"funders": [asdict(funder) for funder in wanted.funders]}
    wrong = _differences(osf.get(url, unread, where=node), attributes)
    if not wrong:
        return ()
    body = {"data": {"type": RECORD, "id": node, "attributes": attributes}}
    osf.change(url, body, "The catalogue entry is not taken.", where=node)
    left = _differences(osf.get(url, unread, where=node), attributes)
    if left:
        raise Incomplete(f"OSF did not keep: {', '.join(left)}.", where=node)
    return wrong


def _differences(data: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[str, ...]:
    found = data.get("attributes") or {}
    return tuple(name for name, value in wanted.items() if (found.get(name) or type(value)()) != value)
