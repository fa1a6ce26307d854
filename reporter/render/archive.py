"""PDF/A-3 with files inside: what is claimed beside PDF/UA-1, and mended so that both claims can be made.

WeasyPrint writes one claim at a time. ``pdf/a-3a`` is tagged but says nothing of PDF/UA; ``pdf/a-3u`` and
``pdf/a-3b`` have no tags. So 3a is asked for and the claim of PDF/UA-1 is added to the metadata, with the
description that PDF/A wants of any word which is not its own. Level A asks for tags, language and
Unicode text, which PDF/UA-1 asks for as well.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pydyf

from reporter.render.tagging import mend

VARIANT = "pdf/a-3a"

UA_CLAIM = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END = b"</rdf:RDF>"


@dataclass(frozen=True, slots=True)
class Archive:
    """Files to embed in a PDF, and the date that they bear."""

    files: Mapping[str, bytes]
    date: datetime

    def settings(self) -> dict[str, Any]:
        """Give the settings of ``weasyprint.Document.write_pdf``."""
        from weasyprint import Attachment

        return {
            "pdf_variant": VARIANT,
            "finisher": _finish,
            "attachments": [
                Attachment(
                    file_obj=io.BytesIO(content),
                    name=name,
                    description=f"Data of this report: {name}",
                    created=self.date,
                    modified=self.date,
                    relationship="Data",
                )
                for name, content in sorted(self.files.items())  # a PDF's tree of names is in order
            ],
        }


def _finish(document: Any, pdf: pydyf.PDF) -> None:
    """Finish the tags, claim PDF/UA-1, and name each file once."""
    mend(document, pdf)
    metadata = next(item for item in pdf.objects if item.reference == pdf.catalog["Metadata"])
    before, end, after = metadata.stream[0].partition(END)
    metadata.stream[0] = before + UA_CLAIM + end + after
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
