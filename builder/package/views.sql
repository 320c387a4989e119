-- Views for people who write SQL: IDs resolved to names, codes to words. {form_type} and the like are filled in with
-- the words of the schema.

CREATE VIEW v_projects AS
SELECT p.project_id, r.name AS region, p.year, {form_type} AS form_type, p.name, d.name AS department, s.name AS sector,
  p.implementing_unit, p.budget_yuan, p.budget_yuan / 10000.0 AS budget_wan,
  (SELECT count(*) FROM indicators i WHERE i.project_id = p.project_id AND NOT i.is_execution_rate) AS indicators,
  (SELECT sum(i.weight) FROM indicators i WHERE i.project_id = p.project_id AND NOT i.is_execution_rate) AS weight,
  (SELECT count(*) FROM findings f WHERE f.project_id = p.project_id) AS findings,
  p.goal, p.overview, p.basis, p.series_id, o.title AS document, p.line_start AS line,
  {url} || p.project_id || '/' AS url
FROM projects p JOIN regions r USING (region_id) JOIN documents o USING (document_id)
  LEFT JOIN departments d USING (department_id) LEFT JOIN sectors s USING (sector_id);

CREATE VIEW v_indicators AS
SELECT i.indicator_id, p.project_id, r.name AS region, p.year, p.name AS project, d.name AS department,
  s.name AS sector, i.position, i.level1, i.level2, i.name, {comparison} AS comparison, i.target_as_filed,
  i.target_value, i.unit, i.base_value, i.base_unit, i.weight, i.is_core, i.is_execution_rate, i.kind, i.kind_method, i.unit_id, i.line,
  {url} || p.project_id || '/' AS url
FROM indicators i JOIN projects p USING (project_id) JOIN regions r USING (region_id)
  LEFT JOIN departments d USING (department_id) LEFT JOIN sectors s USING (sector_id);

CREATE VIEW v_funding AS
SELECT p.project_id, r.name AS region, p.year, p.name AS project, {source} AS source, f.label_as_filed, f.amount_yuan,
  f.amount_as_filed, f.line
FROM funding f JOIN projects p USING (project_id) JOIN regions r USING (region_id)
ORDER BY f.project_id, f.line;

CREATE VIEW v_findings AS
SELECT f.finding_id, f.code, {severity} AS severity, r.name AS region, o.year, p.name AS project, i.name AS indicator,
  f.message, f.expected, f.actual, f.line, f.document_id, f.project_id
FROM findings f JOIN documents o USING (document_id) JOIN regions r USING (region_id)
  LEFT JOIN projects p ON p.project_id = f.project_id LEFT JOIN indicators i ON i.indicator_id = f.indicator_id;

CREATE VIEW v_region_years AS
SELECT r.name AS region, p.year, {form_type} AS form_type, count(*) AS projects, sum(p.budget_yuan) AS budget_yuan,
  sum(p.budget_yuan IS NULL) AS without_budget
FROM projects p JOIN regions r USING (region_id)
GROUP BY p.region_id, p.year, p.form_type ORDER BY p.region_id, p.year, p.form_type;

CREATE VIEW v_series AS
SELECT p.series_id, r.name AS region, p.year, p.name, p.budget_yuan,
  p.budget_yuan - lag(p.budget_yuan) OVER years AS change_yuan, p.project_id
FROM projects p JOIN regions r USING (region_id)
WHERE p.series_id IN (SELECT series_id FROM projects GROUP BY series_id HAVING count(DISTINCT year) > 1)
WINDOW years AS (PARTITION BY p.series_id, p.form_type ORDER BY p.year);
