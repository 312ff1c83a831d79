"""Documents -> numbered paragraphs with their page: text, Markdown, Word, OpenDocument, PDF made of text.

Every limit and refusal is here: a document is data from outside, and may have been made to harm its reader.
"""

from rsaudit.documents.model import Block, Document, DocumentError, Paragraph
from rsaudit.documents.opening import ENDINGS, open_document

__all__ = ["ENDINGS", "Block", "Document", "DocumentError", "Paragraph", "open_document"]
