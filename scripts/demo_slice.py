"""Cut the demo's slice of real orders out of Online Retail II: always the same bytes.

Reads the 2010-2011 file from the folder in REBOND_DATA. Takes six weeks of whole invoices: all
credits of customers together with their sales, and one in eight of the other invoices, so that the
slice stays small and its credits find the sales they take back.
"""

import csv
import gzip
import io
import os
import sys
import zlib
from datetime import datetime
from pathlib import Path

from rebond.kernel import tables

SOURCE = "online_retail/online_retail_2010_2011.parquet"
TARGET = Path(__file__).parents[1] / "src/rebond/demo/data/online_retail_slice.csv.gz"
COLUMNS = (
    *("InvoiceNo", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "UnitPrice", "CustomerID", "Country"),
)
FIRST, AFTER = datetime(2011, 9, 26), datetime(2011, 11, 7)
ONE_IN = 8


def main() -> int:
    folder = os.environ.get("REBOND_DATA")
    if not folder:
        print("REBOND_DATA must name the folder with online_retail/.", file=sys.stderr)
        return 2
    rows = [
        row[1:] for row in tables.rows_of(Path(folder, SOURCE), COLUMNS) if FIRST <= row[5] < AFTER
    ]
    giving_back = {row[6] for row in rows if row[0].startswith("C") and row[6]}
    kept = [row for row in rows if row[6] in giving_back or _is_drawn(row[0])]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(_packed(kept))
    invoices = {row[0] for row in kept}
    credits = sum(number.startswith("C") for number in invoices)
    print(f"{len(kept)} rows, {len(invoices)} invoices, {credits} of them credits")
    print(f"{TARGET.stat().st_size} bytes in {TARGET}")
    return 0


def _is_drawn(number: str) -> bool:
    return zlib.crc32(number.encode()) % ONE_IN == 0


def _packed(rows: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    sys.exit(main())
