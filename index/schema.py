"""The tables of the catalogue."""

VERSION = 1

SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, sha256 TEXT NOT NULL, title TEXT, publisher TEXT, publisher_key TEXT,
    author TEXT, published_at TEXT, updated_at TEXT, retrieved_at TEXT NOT NULL, url TEXT, path TEXT, language TEXT,
    found TEXT NOT NULL, mark TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_date ON articles (published_at DESC, id);
CREATE INDEX articles_by_publisher ON articles (publisher_key);

CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL
) STRICT;
CREATE INDEX passages_by_article ON passages (article_id, ordinal);

CREATE VIEW passage_words AS
    SELECT passages.number AS number, articles.title AS title, articles.publisher AS publisher, passages.text AS text
    FROM passages JOIN articles ON articles.id = passages.article_id;
CREATE VIRTUAL TABLE words USING fts5 (
    title, publisher, text, content = 'passage_words', content_rowid = 'number', tokenize = 'porter unicode61'
);

CREATE TABLE sources (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE source_articles (
    path TEXT NOT NULL REFERENCES sources (path) ON DELETE CASCADE,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (path, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_articles_by_article ON source_articles (article_id);

CREATE TABLE bands (
    band INTEGER NOT NULL, key INTEGER NOT NULL, article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (band, key, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bands_by_article ON bands (article_id);
CREATE TABLE copies (
    one TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    other TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_by_other ON copies (other);
CREATE TABLE clusters (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, cluster_id TEXT NOT NULL, lead TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX clusters_by_id ON clusters (cluster_id);

CREATE TABLE content (one INTEGER PRIMARY KEY CHECK (one = 1), sum TEXT NOT NULL) STRICT;
INSERT INTO content VALUES (1, '0');
"""
