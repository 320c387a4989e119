# make serve  数据、数据包和网站，然后在本机打开      make test  全部检查和测试
# make build  只建，不打开      make test-fast  不建网站、不开 LibreOffice、不跑长测试      make bench  测速
# 只测某个规模：make bench SIZE=100000
# 换一个 Python：make PYTHON=python3.12 serve      换一个端口：make PORT=8080 serve

PYTHON ?= python3
PORT ?= 8000
RUN := .venv/bin/python

# 装的时候不编译（见下），所以用到的模块要能存下编译的结果：不然每启动一次都重新编译，慢好几秒。
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve build test test-fast lint format bench mutants lock

serve: build
	@echo "网站已建好：http://127.0.0.1:$(PORT) （按 Ctrl+C 停止）"
	@$(RUN) -m http.server $(PORT) --bind 127.0.0.1 --directory site || \
		{ echo "没能在 $(PORT) 端口打开。端口被占用的话，换一个：make PORT=8080 serve" >&2; exit 1; }

# 在几台机器上各建一份：make build OPTIONS="--share 1/2"；都放到 shares/ 里，拼起来：make build OPTIONS=--join
build: .venv/ready
	$(RUN) -m builder build $(OPTIONS)

# 每读一份文件要分出一个进程，测试的内存大，分一次要抄一遍页表：用大页时便宜得多（同样的测试少用六分之一处理器时间）。
# 没有 glibc、没有大页的系统不理会这两个变量。
PYTEST := GLIBC_TUNABLES=glibc.malloc.hugetlb=1 PYTHONMALLOC=malloc $(RUN) -m pytest -n auto --dist worksteal

test: lint
	$(PYTEST)

test-fast: .venv/ready-dev
	$(PYTEST) -m "not long and not site and not office"

lint: .venv/ready-dev
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check --quiet
	$(RUN) -m mypy

format: .venv/ready-dev
	$(RUN) -m ruff check --fix
	$(RUN) -m ruff format

bench: .venv/ready-dev
	$(RUN) -m bench $(SIZE)

# 改坏一处，看测试发现没有；只看一部分：make mutants OF='builder.dataset.diff.*'
mutants: .venv/ready-dev
	$(RUN) -m mutmut run $(OF)
	$(RUN) -m mutmut results

# 只装锁定的版本，并逐个核对哈希。建网站只要第一份；测试和改程序再装第二份，其中相同的包是同一个版本。
# 第一份没有 requirements-unused.txt 里的包，所以不让 pip 去找它们（--no-deps）；
# 只编译用到的模块（--no-compile），安装少用四成处理器时间，少占 90 MB。
.venv/ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("需要 Python 3.11 或更高，现在是 %d.%d。请安装后这样运行：make PYTHON=python3.12 serve" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# 改了 pyproject.toml 的依赖之后运行。要把全部依赖升到最新，先删去两份 .lock。
UV_COMPILE := $(RUN) -m uv pip compile pyproject.toml --universal --generate-hashes --quiet --custom-compile-command "make lock"
lock:
	$(RUN) -m pip install --quiet --disable-pip-version-check uv
	$(UV_COMPILE) --excludes requirements-unused.txt --output-file requirements.lock
	$(UV_COMPILE) --group dev --constraints requirements.lock --output-file requirements-dev.lock
