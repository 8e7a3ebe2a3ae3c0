"""How fast, how small and how sturdily bank files are read: `benchmarks/bank_files.py`.

Writes one account's movements as CODA, CAMT.053, MT940, CSV and XLSX, reads each by `billify
statement` in a process of its own, and shows its seconds and its peak of resident memory (limits: 3
seconds and 60 MB for 5,000 movements). Then files are damaged at random: each must be read or
refused with a sentence, never anything else.
"""

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.domain import bank_files, references  # noqa: E402
from billify.domain.refusal import Refusal  # noqa: E402

ACCOUNT = "BE68539007547034"
OPENING = Decimal("1000.00")
Row = tuple[date, Decimal, str, str]


def rows(count: int) -> list[Row]:
    """Movements of a year: day, amount, name and structured communication, oldest first."""
    chance = random.Random(20260901)
    made: list[Row] = []
    for at in range(count):
        day = date(2026, 1, 2) + timedelta(days=at * 360 // count)
        cents = chance.randrange(-400_000, 500_000) or 1
        reference = references.make_structured(chance.randrange(1, 10**10))
        made.append((day, Decimal(cents) / 100, f"Klant {at % 97} Élégance", reference))
    return made


def coda(made: list[Row]) -> bytes:
    """One CODA statement; two records a movement."""
    last = made[-1][0]
    account = f"{ACCOUNT:<34}EUR"
    lines = [
        f"00000{last:%d%m%y}99905{'':8}{'FILE':10}{'BAKKERIJ':26}{'KREDBEBB':11}{'':56}2",
        f"12001{account}{_signed(OPENING)}{last:%d%m%y}{'BAKKERIJ':26}{'':35}001",
    ]
    for at, (day, amount, name, reference) in enumerate(made, 1):
        key = f"{at % 10000:04d}0000"
        text = f"1101{reference}{'':41}"[:54]
        lines.append(
            f"21{key}{f'REF{at:08d}':21}{_signed(amount)}{day:%d%m%y}00150000"
            f"{text}{day:%d%m%y}00101 0"
        )
        lines.append(f"22{key}{'':53}{'':35}{'':11}{'':16}1 0")
        lines.append(f"23{key}{'BE71096123456769':34}EUR{name:35}{'':43}0 0")
    closing = OPENING + sum(one[1] for one in made)
    lines.append(f"8001{account}{_signed(closing)}{last:%d%m%y}{'':64}0")
    lines.append(f"9{'':15}{len(lines):06d}{_thousandths(made, -1)}{_thousandths(made, 1)}{'':75}2")
    return "\r\n".join(f"{line:128}" for line in lines).encode("cp1252")


def camt(made: list[Row]) -> bytes:
    """One CAMT.053 statement of version 8."""
    closing = OPENING + sum(one[1] for one in made)
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{abs(amount)}</Amt><CdtDbtInd>{_direction(amount)}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties>"
        f"<{side}><Pty><Nm>{name}</Nm></Pty></{side}><{side}Acct><Id><IBAN>BE71096123456769</IBAN>"
        f"</Id></{side}Acct></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref>"
        f"</CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for day, amount, name, reference in made
        for side in ["Dbtr" if amount > 0 else "Cdtr"]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
        f'camt.053.001.08"><BkToCstmrStmt><Stmt><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>'
        f"{_balance('OPBD', OPENING)}{_balance('CLBD', closing)}{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def mt940(made: list[Row]) -> bytes:
    """One MT940 statement."""
    closing = OPENING + sum(one[1] for one in made)
    lines = [":20:1", f":25:{ACCOUNT}", ":28C:1/1", f":60F:C260101EUR{_comma(OPENING)}"]
    for day, amount, name, reference in made:
        mark = "C" if amount > 0 else "D"
        lines.append(f":61:{day:%y%m%d}{day:%m%d}{mark}{_comma(abs(amount))}NTRFNONREF")
        told = references.show_structured(reference)
        lines.append(f":86:/IBAN/BE71096123456769/NAME/{name}")
        lines.append(f"/REMI/{told}")
    sign = "D" if closing < 0 else "C"
    lines.append(f":62F:{sign}{made[-1][0]:%y%m%d}EUR{_comma(abs(closing))}")
    return ("\r\n".join(lines) + "\r\n-\r\n").encode()


def cells(made: list[Row]) -> list[list[str]]:
    """A table as banks export it, newest first."""
    header = "Rekeningnummer;Boekingsdatum;Bedrag;Munt;Naam tegenpartij;Mededeling"
    told = [
        [ACCOUNT, f"{day:%d/%m/%Y}", _comma(amount), "EUR", name, references.show_structured(ref)]
        for day, amount, name, ref in reversed(made)
    ]
    return [header.split(";"), *told]


def csv(made: list[Row]) -> bytes:
    """The table as CSV."""
    return "\r\n".join(";".join(row) for row in cells(made)).encode()


def xlsx(made: list[Row]) -> bytes:
    """The table as a workbook."""
    body = "".join(
        f'<row r="{at}">'
        + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row)
        + "</row>"
        for at, row in enumerate(cells(made), 1)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>',
        )
    return out.getvalue()


MADE = {"coda": coda, "camt": camt, "mt940": mt940, "csv": csv, "xlsx": xlsx}


def measure(content: bytes, folder: Path, name: str, truth: list[Row]) -> tuple[float, float, bool]:
    """Seconds and peak megabytes of reading in a process of its own, and whether it is right."""
    path = folder / f"statement.{name}"
    path.write_bytes(content)
    begun = time.monotonic()
    command = [sys.executable, "-m", "billify", "statement", str(path), "--json"]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE) as child:
        told = child.stdout.read() if child.stdout else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - begun
    found = [one for each in json.loads(told)["statements"] for one in each["transactions"]]
    is_right = [Decimal(one["amount"]) for one in found] == [one[1] for one in truth] and [
        one["structured"] for one in found
    ] == [one[3] for one in truth]
    return seconds, used.ru_maxrss / 1024, is_right


def damage(files: list[bytes], seconds: float) -> tuple[int, list[str]]:
    """How many damaged files were tried, and what was neither read nor refused."""
    chance = random.Random(7)
    until, tried, crashes = time.monotonic() + seconds, 0, []
    while time.monotonic() < until:
        content = bytearray(chance.choice(files))
        for _ in range(chance.choice([1, 3, 10])):
            at = chance.randrange(len(content))
            if chance.random() < 0.6:
                content[at] = chance.randrange(256)
            else:
                del content[at : at + chance.randrange(1, 60)]
        tried += 1
        try:
            bank_files.read(bytes(content))
        except Refusal:
            continue
        except Exception as error:  # noqa: BLE001 (what is looked for)
            crashes.append(f"{type(error).__name__}: {error}")
    return tried, crashes


def main() -> int:
    """Print a table; 1 when something was read wrongly or crashed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--movements", type=int, default=5000)
    parser.add_argument("--damage", type=float, default=5, metavar="SECONDS")
    chosen = parser.parse_args()
    made = rows(chosen.movements)
    all_right = True
    print(f"{'format':8} {'KB':>7} {'seconds':>8} {'MB':>6} right")
    with tempfile.TemporaryDirectory() as folder:
        for name, write in MADE.items():
            content = write(made)
            seconds, peak, is_right = measure(content, Path(folder), name, made)
            all_right = all_right and is_right
            kilobytes = len(content) // 1024
            print(
                f"{name:8} {kilobytes:7} {seconds:8.2f} {peak:6.1f} {'yes' if is_right else 'NO'}"
            )
    tried, crashes = damage([write(rows(20)) for write in MADE.values()], chosen.damage)
    print(f"damaged files: {tried}, neither read nor refused: {len(crashes)}")
    for crash in crashes[:10]:
        print(f"  {crash}")
    return 0 if all_right and not crashes else 1


def _signed(amount: Decimal) -> str:
    return f"{'1' if amount < 0 else '0'}{int(abs(amount) * 1000):015d}"


def _thousandths(made: list[Row], sign: int) -> str:
    return f"{int(sum(abs(one[1]) for one in made if one[1] * sign > 0) * 1000):015d}"


def _direction(amount: Decimal) -> str:
    return "CRDT" if amount > 0 else "DBIT"


def _comma(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _balance(code: str, amount: Decimal) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(amount)}</Amt>'
        f"<CdtDbtInd>{_direction(amount)}</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>"
    )


if __name__ == "__main__":
    raise SystemExit(main())
