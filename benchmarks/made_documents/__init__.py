"""Made documents: invoices, credit notes, receipts and other papers with exact truth.

A story (what happened) is drawn first, then a dress (how this issuer writes), then a layout; an ink
notes every value that is really put on the page, and only that becomes the truth. Written without
knowledge of the reader: the documents follow what companies send, not what can be read.
"""
