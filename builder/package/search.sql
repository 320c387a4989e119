-- The trigram tokenizer needs three characters; to a shorter LIKE, older SQLite answers with nothing at all. So the text
-- lies in an ordinary table, where LIKE finds any length, and the index beside it.

CREATE TABLE search_text ( -- 任意长度：SELECT * FROM search_text WHERE name LIKE '%危房%' OR text LIKE '%危房%'
  id INTEGER PRIMARY KEY, kind TEXT, record_id TEXT, project_id TEXT, region TEXT, year INTEGER, name TEXT, text TEXT
);
INSERT INTO search_text (kind, record_id, project_id, region, year, name, text)
SELECT '项目', project_id, project_id, region, year, name, coalesce(department || char(10), '') ||
  coalesce(implementing_unit || char(10), '') || coalesce(goal || char(10), '') || coalesce(overview || char(10), '') ||
  coalesce(basis, '')
FROM v_projects ORDER BY project_id;
INSERT INTO search_text (kind, record_id, project_id, region, year, name, text)
SELECT '指标', indicator_id, project_id, region, year, name, coalesce(level1 || ' ', '') ||
  coalesce(level2 || ' ', '') || coalesce(comparison, '') || coalesce(target_as_filed, '') || coalesce(unit, '')
FROM v_indicators ORDER BY indicator_id;
CREATE VIRTUAL TABLE search USING fts5( -- 三个字以上：SELECT * FROM search WHERE search MATCH '农村危房' ORDER BY rank
  kind UNINDEXED, record_id UNINDEXED, project_id UNINDEXED, region UNINDEXED, year UNINDEXED, name, text,
  content = 'search_text', content_rowid = 'id', tokenize = 'trigram'
);
INSERT INTO search (search) VALUES ('rebuild');
INSERT INTO search (search) VALUES ('optimize');
