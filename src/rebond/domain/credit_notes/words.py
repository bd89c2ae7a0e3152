"""The words of documents in the languages they are printed in.

French and English come from the catalogues. German stands here, as documents speak it before the
pages do. A seller's credit note is never titled “Gutschrift”: in German VAT law that is a
self-billed invoice (UStG § 14 (2)); it is a “Rechnungskorrektur” that names the invoice (UStDV
§ 31 (5)).
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

PRINTABLE = ("fr", "en", "de")

GERMAN = {
    N_("Credit note"): "Rechnungskorrektur",
    N_("Refund voucher"): "Erstattungsbeleg",
    N_("Invoice"): "Rechnung",
    N_("Total"): "Summe",
    N_("{amount} paid by the goods that came back."): (
        "{amount} durch die zurückgegebene Ware bezahlt."
    ),
    N_("{amount} received."): "{amount} erhalten.",
    N_("These goods take the place of what came back with the return above."): (
        "Diese Ware tritt an die Stelle der mit der oben genannten Rücksendung zurückgegebenen."
    ),
    N_("No. {label}"): "Nr. {label}",
    N_("Seller"): "Verkäufer",
    N_("Customer"): "Kunde",
    N_("Description"): "Bezeichnung",
    N_("Qty"): "Menge",
    N_("Unit net"): "Einzel netto",
    N_("Rate"): "Satz",
    N_("Net"): "Netto",
    N_("VAT"): "USt.",
    N_("Gross"): "Brutto",
    N_("VAT rate"): "USt.-Satz",
    N_("Page {number} of {total}"): "Seite {number} von {total}",
    N_("Date"): "Datum",
    N_("Corrects invoice"): "Korrigiert Rechnung",
    N_("Invoice date"): "Rechnungsdatum",
    N_("Order"): "Bestellung",
    N_("Return"): "Rücksendung",
    N_("SIREN {number}"): "SIREN {number}",
    N_("VAT no. {number}"): "USt-IdNr. {number}",
    N_("no VAT"): "ohne USt.",
    N_("Kept"): "Einbehalten",
    N_("Total net"): "Summe netto",
    N_("Total VAT"): "Summe USt.",
    N_("Total credited"): "Gutgeschriebener Betrag",
    N_("to the card used for the order"): "auf die Karte der Bestellung",
    N_("by bank transfer"): "per Überweisung",
    N_("in cash"): "in bar",
    N_("as store credit"): "als Guthaben",
    N_("to a gift card"): "auf eine Geschenkkarte",
    N_("by exchange for other goods"): "durch Umtausch gegen andere Ware",
    N_("to the means of payment used for the order"): "auf das Zahlungsmittel der Bestellung",
    N_("{amount} refunded {means}."): "{amount} erstattet {means}.",
    N_("No invoice was issued for this order: this voucher records the refund."): (
        "Für diese Bestellung wurde keine Rechnung ausgestellt: Dieser Beleg hält die Erstattung "
        "fest."
    ),
    N_("The VAT was worked out from the rate in force at the sale; the order did not state it."): (
        "Die Umsatzsteuer wurde mit dem beim Verkauf geltenden Satz berechnet; die Bestellung "
        "nannte sie nicht."
    ),
    N_("This document corrects the invoice. By itself it sets no payment in motion."): (
        "Dieses Dokument korrigiert die Rechnung. Es löst für sich allein keine Zahlung aus."
    ),
    N_("Corrective document under {article}."): "Berichtigungsdokument nach {article}.",
    N_("VAT of {country}, declared through the one-stop shop (OSS)."): (
        "Umsatzsteuer von {country}, über den One-Stop-Shop (OSS) gemeldet."
    ),
    N_("Reason: {reason}"): "Grund: {reason}",
    "Loss of value by use beyond what is needed to see how it works": (
        "Wertverlust durch einen Umgang, der zur Prüfung nicht notwendig war"
    ),
    "Parts are missing": "Teile fehlen",
    "Agreed with you": "Mit Ihnen vereinbart",
    "Gesture": "Kulanz",
    N_("DRAFT"): "ENTWURF",
    N_("DUPLICATE"): "DUPLIKAT",
    N_("Draft, without number"): "Entwurf, ohne Nummer",
    N_("part of the price"): "Teil des Preises",
    N_("Export outside the EU"): "Ausfuhr in ein Drittland",
    N_("Intra-Community supply"): "Innergemeinschaftliche Lieferung",
    N_("Exempt from VAT, as the corrected invoice"): ("Steuerfrei wie die berichtigte Rechnung"),
}


def say(sentence: str, language: str) -> str:
    """``sentence`` in ``language``; in English where nobody has put it in other words."""
    if language == "de":
        return GERMAN.get(sentence, sentence)
    with translation.override(language):
        return gettext(sentence)
