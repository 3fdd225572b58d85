"""The recogniser's units: CTC's blank and the phones of CMUdict without their stress."""

from __future__ import annotations

BLANK = "<blank>"
PHONES = [
    BLANK,
    *(
        "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T "
        "TH UH UW V W Y Z ZH"
    ).split(),
]
