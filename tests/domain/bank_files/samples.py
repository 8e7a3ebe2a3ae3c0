"""Small bank files, written out as banks write them."""

CODA = "\r\n".join(
    line.ljust(128)
    for line in (
        "00000020126999" + "05        FILE      BAKKERIJ                  KREDBEBB",
        "12001BE68539007547034                  EUR0000000001000000010126BAKKERIJ",
        "2100010000REF1                 0000000000121000020126001500001101090933755493"
        + " " * 38
        + "02012600101 0",
        "2200010000" + " " * 53 + "NOTPROVIDED".ljust(35) + "KREDBEBB" + " " * 19 + "1 0",
        "2300010000BE71096123456769".ljust(44) + "EURMolens van Deinze",
        "2100020000REF2                 100000000005000002012610107000 LONEN".ljust(115)
        + "02012600110 0",
        "2100020001REF2                 100000000002000002012650101000 LOON A".ljust(115)
        + "02012600100 0",
        "2100020002REF2                 100000000003000002012650101000 LOON B".ljust(115)
        + "02012600110 0",
        "8001BE68539007547034                  EUR0000000001071000020126",
        "9".ljust(16) + "000007000000000050000000000000121000",
    )
)
"""One statement: 121,00 in by a structured communication, a batch of 50,00 out."""

CAMT = """<?xml version="1.0"?><Document><BkToCstmrStmt><Stmt>
<ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>BE68539007547034</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">88.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-02</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">12.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><DtTm>2026-01-02T09:00:00+01:00</DtTm></BookgDt><NtryDtls><TxDtls>
<RltdPties><Cdtr><Pty><Nm>Garage</Nm></Pty></Cdtr>
<CdtrAcct><Id><IBAN>BE71096123456769</IBAN></Id></CdtrAcct></RltdPties>
<RmtInf><Ustrd>Betaling +++090/9337/55493+++</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
"""One statement without a namespace, names within Pty as from version 8 on."""

MT940 = """{1:F01BANKBEBB}{4:
:20:1
:25:BE68539007547034 EUR
:28C:4/1
:60F:C251231EUR100,
:61:2512310102D12,5NTRFNONREF//X1
:86:/IBAN/BE71096123456769/NAME/Gar
age/REMI/+++090/9337/55493+++
:61:2602300302RC7,50NMSCNONREF
:86:Teruggenomen om 12
:26:37 uur
:62F:C260302EUR80,00
-}"""
"""A year's end, an impossible day, a credit taken back, and a time that looks like a tag."""
