"""Says in a PDF's own description that it is a Factur-X document; the XML is inside already.

Typst attaches the file and writes one bag of extension schemas; the schema of Factur-X is added
to that bag, as a second one would not be valid XMP. Source: Factur-X 1.09, section 6; ISO
19005-3, 6.6.2.3. The same bytes come out for the same bytes in.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf
from lxml import etree

FILE_NAME = "factur-x.xml"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = (
    ("DocumentFileName", FILE_NAME, "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE", "INVOICE"),
    ("Version", "1.0", "version of the Factur-X XML schema"),
    ("ConformanceLevel", "EN 16931", "conformance level of the embedded Factur-X data"),
)
SCHEMA = """<rdf:li xmlns:rdf="{rdf}" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{fx}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"""
PROPERTY = """<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{says}</pdfaProperty:description></rdf:li>"""


def as_factur_x(pdf: bytes) -> bytes:
    """``pdf``, which holds the XML as an attachment, with the description of Factur-X added."""
    with pikepdf.open(BytesIO(pdf)) as document:
        packet = document.Root.Metadata.read_bytes()
        document.Root.Metadata.write(_described(packet))
        out = BytesIO()
        document.save(out, deterministic_id=True, fix_metadata_version=False)
        return out.getvalue()


def _described(packet: bytes) -> bytes:
    begin, end = packet.index(b"<x:xmpmeta"), packet.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    tree = etree.fromstring(packet[begin:end])
    description = tree.find(f".//{{{RDF}}}Description")
    bag = tree.find(f".//{{{EXTENSION}}}schemas/{{{RDF}}}Bag")
    parts = "".join(PROPERTY.format(name=name, says=says) for name, _, says in PROPERTIES)
    bag.append(etree.fromstring(SCHEMA.format(rdf=RDF, fx=FX, properties=parts)))
    about = etree.SubElement(tree.find(f"{{{RDF}}}RDF"), f"{{{RDF}}}Description", nsmap={"fx": FX})
    about.set(f"{{{RDF}}}about", description.get(f"{{{RDF}}}about", ""))
    for name, value, _ in PROPERTIES:
        etree.SubElement(about, f"{{{FX}}}{name}").text = value
    return packet[:begin] + bytes(etree.tostring(tree, encoding="UTF-8")) + packet[end:]
