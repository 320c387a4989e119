-- The text of projects and indicators, and an index over it. SQLite knows no words of Chinese: its tokenizers take a run
-- of characters for one word, or need three of them. So the index holds, for each text, every run of one to six
-- characters (function ``grams``), and a word of up to six characters is found as it is typed, in Datasette's search
-- box too; longer ones are parted by a blank, or looked for in ``texts`` with LIKE.

CREATE TABLE texts ( -- 任意长度：SELECT * FROM texts WHERE name LIKE '%危房%' OR text LIKE '%危房%'
  id INTEGER PRIMARY KEY, kind TEXT, record_id TEXT, project_id TEXT, region TEXT, year INTEGER, name TEXT, text TEXT
);
INSERT INTO texts (kind, record_id, project_id, region, year, name, text)
SELECT '项目', project_id, project_id, region, year, name, coalesce(department || char(10), '') ||
  coalesce(implementing_unit || char(10), '') || coalesce(goal || char(10), '') || coalesce(overview || char(10), '') ||
  coalesce(basis, '')
FROM v_projects ORDER BY project_id;
INSERT INTO texts (kind, record_id, project_id, region, year, name, text)
SELECT '指标', indicator_id, project_id, region, year, name, coalesce(level1 || ' ', '') ||
  coalesce(level2 || ' ', '') || coalesce(comparison, '') || coalesce(target_as_filed, '') || coalesce(unit, '')
FROM v_indicators ORDER BY indicator_id;
CREATE VIRTUAL TABLE search USING fts5( -- 一到六个字：SELECT * FROM search WHERE search MATCH '就业'
  kind UNINDEXED, record_id UNINDEXED, project_id UNINDEXED, region UNINDEXED, year UNINDEXED, name, text,
  content="texts", content_rowid="id", tokenize="unicode61", detail=none
);
INSERT INTO search (rowid, name, text) SELECT id, grams(name), grams(text) FROM texts;
INSERT INTO search (search) VALUES ('optimize');
CREATE VIEW search_text AS SELECT * FROM texts;
