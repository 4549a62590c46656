BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'crawler','0001_base','2026-11-23 20:13:52.318509+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'crawler','0002_pictures','2026-11-23 20:13:52.318887+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'crawler','0003_told','2026-11-26 08:09:38.111385+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'crawler','0004_pace','2026-11-26 08:15:33.100248+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'crawler','0005_learned','2026-11-26 08:41:37.639598+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'crawler','0006_states','2026-11-26 09:00:21.884649+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'crawler','0007_evidence','2026-11-26 10:31:04.655043+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'crawler','0008_heads','2026-11-26 10:34:27.751078+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'crawler','0009_forgotten','2026-11-26 10:46:21.502100+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'crawler','0010_recovered','2026-11-26 10:50:57.774957+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'crawler','0011_mentions','2026-11-26 11:02:33.131049+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'crawler','0012_web','2026-11-26 11:16:05.002280+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'crawler','0013_exported','2026-11-26 11:20:53.233080+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'crawler','0014_deaths','2026-11-26 13:31:29.423169+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'crawler','0015_personal','2026-11-26 14:36:57.394650+00:00');
INSERT INTO "_sqlite_migrations" VALUES(16,'crawler','0016_stories','2026-11-26 15:13:05.761308+00:00');
CREATE TABLE accounts (
    biz TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    alias TEXT NOT NULL,        -- the WeChat ID that people type
    description TEXT NOT NULL,
    avatar TEXT NOT NULL,
    told_at TEXT NOT NULL,      -- when the page was fetched that told these
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
);
INSERT INTO "accounts" VALUES('MzI0NTk5OTk5MA==','江畔手记','riverside-notes','写给夜里的人','','2026-01-02T03:04:05.000006','2025-10-06T17:17:02.990516','2026-03-03T00:00:00');
CREATE TABLE articles (
    id TEXT PRIMARY KEY NOT NULL,  -- biz:mid:idx, or s:token until a page tells more
    url TEXT NOT NULL,             -- as it was given
    title TEXT NOT NULL,
    source TEXT NOT NULL,          -- as the seed or the page names it
    account TEXT NOT NULL,
    author TEXT NOT NULL,
    date TEXT NOT NULL,            -- YYYY-MM-DD in Asia/Shanghai
    fetch_date TEXT NOT NULL,      -- when the copy that is kept was fetched
    published_at TEXT NOT NULL,    -- ISO 8601, +08:00
    modified_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,           -- of the copy that is kept
    state_now TEXT NOT NULL,       -- of the latest look at the web, and when that was
    checked_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    cover TEXT NOT NULL,
    characters INTEGER NOT NULL,
    image_count INTEGER NOT NULL,
    body_hash TEXT NOT NULL,       -- SHA-256 of body
    cleaner_version INTEGER NOT NULL,
    origin TEXT NOT NULL,          -- fetch or seed
    evidence TEXT NOT NULL,        -- SHA-256 of the page or seed that the copy was read from
    biz TEXT NOT NULL,
    mid TEXT NOT NULL,
    idx TEXT NOT NULL,
    sn TEXT NOT NULL,
    front_matter TEXT NOT NULL,    -- front_matter || body is the whole document
    body TEXT NOT NULL
, source_url TEXT NOT NULL DEFAULT '', original TEXT NOT NULL DEFAULT '', album TEXT NOT NULL DEFAULT '', topics TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '', item_type TEXT NOT NULL DEFAULT '', read_count INTEGER, like_count INTEGER, date_source TEXT NOT NULL DEFAULT '', producer TEXT NOT NULL DEFAULT '', same_as TEXT NOT NULL DEFAULT '', recovered_from TEXT NOT NULL DEFAULT '');
INSERT INTO "articles" VALUES('MzI0NTk5OTk5MA==:2650000001:1','https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0','夜航的灯塔','江畔手记','江畔手记','','2024-05-08','2026-01-02T03:04:05.000006','','','normal','ok','deleted','2026-03-03T00:00:00','','',16,0,'2cfb00785f943fd1b858026708606f7a4d667697722b79b9b8f0428353519976',1,'fetch','770bf9bae6bd45887de93516133ed8f75e6d32c8d93176389e5561340a5dbb19','MzI0NTk5OTk5MA==','2650000001','1','','---
title: 夜航的灯塔
url: https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0
source: 江畔手记
date: 2024-05-08
fetch_date: 2026-01-02T03:04:05.000006
---

','# 夜航的灯塔

改过的一版。
','','','','','','',NULL,NULL,'','','','');
INSERT INTO "articles" VALUES('MzI0NTk5OTk5MA==:2650000009:2','https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2','夜航的灯塔','江畔手记','江畔手记','','2024-05-08','2025-10-06T17:17:02.990516','','','normal','hollow','hollow','2025-10-06T17:17:02.990516','','',0,0,'',1,'seed','0e9a8bbe35486f3c9dfe953395478325428b67764a5ee8d0f2b69e2230e2b1cf','MzI0NTk5OTk5MA==','2650000009','2','','---
title: 夜航的灯塔
url: https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2
source: 江畔手记
date: 2024-05-08
fetch_date: 2025-10-06T17:17:02.990516
---

','','','','','','','',NULL,NULL,'','','','');
INSERT INTO "articles" VALUES('s:zYxWvUtSrQpOnMlKjIhGf1','https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1','','江畔手记','江畔手记','','2024-05-08','2025-10-06T17:17:02.990516','','','normal','verification','verification','2025-10-06T17:17:02.990516','','',0,0,'',1,'seed','5944cb746f099ca1e32ed35fadf0c4ce4e4da61080e451ab2e6b04fb9cf560ee','','','','','---
title: ''''
url: https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1
source: 江畔手记
date: 2024-05-08
fetch_date: 2025-10-06T17:17:02.990516
---

','','','','','','','',NULL,NULL,'','','','');
CREATE TABLE copies (  -- what each look found, for articles of which more than one copy counts
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    copy TEXT NOT NULL,
    fields TEXT NOT NULL,  -- JSON: the columns of articles as this copy alone would fill them
    PRIMARY KEY (article_id, copy)
);
INSERT INTO "copies" VALUES('MzI0NTk5OTk5MA==:2650000001:1','770bf9bae6bd45887de93516133ed8f75e6d32c8d93176389e5561340a5dbb19','{"account": "江畔手记", "biz": "MzI0NTk5OTk5MA==", "body_hash": "2cfb00785f943fd1b858026708606f7a4d667697722b79b9b8f0428353519976", "characters": 16, "cleaner_version": 1, "date": "2024-05-08", "evidence": "770bf9bae6bd45887de93516133ed8f75e6d32c8d93176389e5561340a5dbb19", "fetch_date": "2026-01-02T03:04:05.000006", "idx": "1", "kind": "normal", "mid": "2650000001", "origin": "fetch", "removed": {"tail": 31}, "source": "江畔手记", "state": "ok", "title": "夜航的灯塔", "url": "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"}');
INSERT INTO "copies" VALUES('MzI0NTk5OTk5MA==:2650000001:1','d753ca7db0ed4a1f7aaaedd704b22c2d37b684085783fe4b252d313de538fc89','{"account": "江畔手记", "biz": "MzI0NTk5OTk5MA==", "body_hash": "63b2da2866f14fcf8ee70f265585a227c587bd1e88f04e71ac3b7f3ebfdf1e7a", "characters": 25, "cleaner_version": 1, "date": "2024-05-08", "evidence": "d753ca7db0ed4a1f7aaaedd704b22c2d37b684085783fe4b252d313de538fc89", "fetch_date": "2025-10-06T17:17:02.990516", "idx": "1", "kind": "normal", "mid": "2650000001", "origin": "seed", "removed": {"tail": 31}, "source": "江畔手记", "state": "ok", "title": "夜航的灯塔", "url": "http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f#rd"}');
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    url TEXT NOT NULL,
    article_id TEXT REFERENCES articles (id) ON UPDATE CASCADE,
    state TEXT NOT NULL,      -- empty where no page came at all: then detail says why
    http_status INTEGER,
    origin TEXT NOT NULL,
    detail TEXT NOT NULL,
    evidence TEXT NOT NULL
);
INSERT INTO "events" VALUES(1,'2025-10-06T17:17:02.990516','http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f#rd','MzI0NTk5OTk5MA==:2650000001:1','ok',NULL,'seed','','d753ca7db0ed4a1f7aaaedd704b22c2d37b684085783fe4b252d313de538fc89');
INSERT INTO "events" VALUES(2,'2026-01-02T03:04:05.000006','https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0','MzI0NTk5OTk5MA==:2650000001:1','ok',200,'fetch','','770bf9bae6bd45887de93516133ed8f75e6d32c8d93176389e5561340a5dbb19');
INSERT INTO "events" VALUES(3,'2026-03-03T00:00:00','https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0','MzI0NTk5OTk5MA==:2650000001:1','deleted',200,'fetch','','a24f43ef9837ff1570e8723306c6492d53e7f04d894a09cb1d6097a6f9e48433');
INSERT INTO "events" VALUES(4,'2025-10-06T17:17:02.990516','https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2','MzI0NTk5OTk5MA==:2650000009:2','hollow',NULL,'seed','','0e9a8bbe35486f3c9dfe953395478325428b67764a5ee8d0f2b69e2230e2b1cf');
INSERT INTO "events" VALUES(5,'2025-10-06T17:17:02.990516','https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1','s:zYxWvUtSrQpOnMlKjIhGf1','verification',NULL,'seed','','5944cb746f099ca1e32ed35fadf0c4ce4e4da61080e451ab2e6b04fb9cf560ee');
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    way TEXT NOT NULL,      -- links, titles, from or web
    source TEXT NOT NULL,   -- where from: a path, an address, or the key of an article
    version TEXT NOT NULL,  -- its commit, or when it was captured
    url TEXT NOT NULL,      -- what it says of itself, here and below
    title TEXT NOT NULL,
    account TEXT NOT NULL,
    date TEXT NOT NULL,
    sha256 TEXT NOT NULL,   -- of its body; empty where it brings none
    agreed TEXT NOT NULL,   -- what it has in common: identity, title, account, date
    differs TEXT NOT NULL,  -- and what it has not, though both say it
    verdict TEXT NOT NULL,  -- proof, candidate, pointer, accepted or refused
    at TEXT NOT NULL,
    offered BLOB,           -- of a candidate the whole record, JSON, zstd-compressed
    UNIQUE (article_id, way, source, sha256)
);
INSERT INTO "evidence" VALUES(1,'MzI0NTk5OTk5MA==:2650000009:2','titles','MzI0NTk5OTk5MA==:2650000009:1','','','夜航的灯塔','江畔手记','2024-05-08','','title','identity','pointer','2026-11-26T10:00:00',NULL);
CREATE TABLE exported (
    folder TEXT NOT NULL,   -- absolute
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    path TEXT NOT NULL,     -- below the folder
    sha256 TEXT NOT NULL,   -- of the document that was written, here and below
    writing TEXT NOT NULL,  -- of one that may be on its way to the disk
    PRIMARY KEY (folder, article_id)
);
CREATE TABLE forgotten (
    name TEXT PRIMARY KEY NOT NULL,  -- a key or an address of the article
    article TEXT NOT NULL,           -- its key
    at TEXT NOT NULL
);
CREATE TABLE images (  -- files below images/, each content once
    sha256 TEXT PRIMARY KEY NOT NULL,
    path TEXT NOT NULL,      -- relative to the archive's own folder
    type TEXT NOT NULL,      -- told by the content, never by the link
    bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,  -- 0 where the content does not tell
    height INTEGER NOT NULL
);
CREATE TABLE learned (
    account TEXT PRIMARY KEY NOT NULL,
    fingerprint TEXT NOT NULL,
    spared TEXT NOT NULL  -- JSON: the articles that keep theirs, as too little would be left
);
INSERT INTO "learned" VALUES('东港灯塔','0000000000000000000000000000000000000000000000000000000000000000','["MzI0NTk5OTk5MA==:2650000001:1"]');
CREATE TABLE mentions (  -- signed links in texts, for articles that wait for one
    url TEXT NOT NULL,   -- the article that it leads to, as the queue calls it
    link TEXT NOT NULL,
    PRIMARY KEY (url, link)
);
CREATE TABLE pace (host TEXT PRIMARY KEY NOT NULL, "started" REAL, "today" INTEGER, started_at REAL, dice REAL, not_before REAL, day INTEGER, used INTEGER, trips INTEGER, closed_until REAL, why TEXT, probe_at REAL, watched INTEGER);
INSERT INTO "pace" VALUES('mp.weixin.qq.com',1.5,3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE pictures (  -- which article shows which picture, and what came of fetching it
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    url TEXT NOT NULL,       -- as it stands in the body
    sha256 TEXT REFERENCES images (sha256),
    state TEXT NOT NULL,     -- stored, missing, blocked (the placeholder came instead) or too_large
    at TEXT NOT NULL,
    PRIMARY KEY (article_id, url)
);
CREATE TABLE queue (
    url TEXT PRIMARY KEY NOT NULL,  -- the article's canonical address
    request TEXT NOT NULL,          -- the address to fetch, the best that is known
    article_id TEXT REFERENCES articles (id) ON UPDATE CASCADE,
    state TEXT NOT NULL,            -- what the last look gave
    needs_link INTEGER NOT NULL,    -- 1: only a link without chksm is known; a signed or short one is needed
    attempts INTEGER NOT NULL,
    not_before TEXT NOT NULL,
    last_error TEXT NOT NULL,
    why TEXT NOT NULL,
    date TEXT NOT NULL
, title TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT '');
INSERT INTO "queue" VALUES('https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2','https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2','MzI0NTk5OTk5MA==:2650000009:2','hollow',1,0,'','','needs a signed or short link','2024-05-08','','');
INSERT INTO "queue" VALUES('https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1','https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1','s:zYxWvUtSrQpOnMlKjIhGf1','verification',0,0,'','','the copy is verification','2024-05-08','','');
CREATE TABLE reader_notes (
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (article_id, text)
);
CREATE TABLE reader_stars (
    article_id TEXT PRIMARY KEY NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    at TEXT NOT NULL
);
CREATE TABLE reader_tags (
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    tag TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (article_id, tag)
);
CREATE TABLE removed (  -- what cleaning took out of the copy that is kept
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    rule_id TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (article_id, rule_id)
);
INSERT INTO "removed" VALUES('MzI0NTk5OTk5MA==:2650000001:1','tail',31);
INSERT INTO "removed" VALUES('MzI0NTk5OTk5MA==:2650000009:2','tail',31);
INSERT INTO "removed" VALUES('s:zYxWvUtSrQpOnMlKjIhGf1','tail',31);
CREATE TABLE revisions (
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    body_hash TEXT NOT NULL,
    at TEXT NOT NULL,       -- when a copy with this body was first fetched, and what it was read from
    state TEXT NOT NULL,
    origin TEXT NOT NULL,
    url TEXT NOT NULL,
    evidence TEXT NOT NULL,
    characters INTEGER NOT NULL,
    body BLOB NOT NULL,     -- UTF-8, zstd-compressed
    PRIMARY KEY (article_id, body_hash)
);
INSERT INTO "revisions" VALUES('MzI0NTk5OTk5MA==:2650000001:1','63b2da2866f14fcf8ee70f265585a227c587bd1e88f04e71ac3b7f3ebfdf1e7a','2025-10-06T17:17:02.990516','ok','seed','http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f#rd','d753ca7db0ed4a1f7aaaedd704b22c2d37b684085783fe4b252d313de538fc89',25,X'28B52FFD20410902002320E5A49CE888AAE79A84E781AFE5A1940A0AE781AFE5A194E79A84E58589E6AF8FE99A94E4B883E7A792E689ABE8BF87E4B880E6ACA1E6B5B7E99DA2E380820A');
INSERT INTO "revisions" VALUES('MzI0NTk5OTk5MA==:2650000001:1','2cfb00785f943fd1b858026708606f7a4d667697722b79b9b8f0428353519976','2026-01-02T03:04:05.000006','ok','fetch','https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0','770bf9bae6bd45887de93516133ed8f75e6d32c8d93176389e5561340a5dbb19',16,X'28B52FFD20263101002320E5A49CE888AAE79A84E781AFE5A1940A0AE694B9E8BF87E79A84E4B880E78988E380820A');
CREATE TABLE seeds (  -- the seed files that were read: which file made which row
    sha256 TEXT PRIMARY KEY NOT NULL,
    path TEXT NOT NULL,
    article_id TEXT REFERENCES articles (id) ON UPDATE CASCADE,
    state TEXT NOT NULL,
    cleaner_version INTEGER NOT NULL
);
INSERT INTO "seeds" VALUES('d753ca7db0ed4a1f7aaaedd704b22c2d37b684085783fe4b252d313de538fc89','seeds/a.md','MzI0NTk5OTk5MA==:2650000001:1','ok',1);
CREATE TABLE snapshots (
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    sha256 TEXT NOT NULL,      -- of the page as it came
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    bytes INTEGER NOT NULL,    -- before compression
    content BLOB NOT NULL, head TEXT NOT NULL DEFAULT '',     -- what cleaning needs of the page, zstd-compressed
    PRIMARY KEY (article_id, sha256)
);
CREATE TABLE stories (
    article_id TEXT PRIMARY KEY NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    body_hash TEXT NOT NULL,    -- of the text that was signed
    cut INTEGER NOT NULL,       -- 1: its end is missing
    version INTEGER NOT NULL,   -- of the way to sign
    text TEXT NOT NULL,         -- a name for its letters; empty where these are too few
    signature TEXT NOT NULL,    -- MinHash of its pieces, base64
    compared INTEGER NOT NULL,  -- 0: with no other text yet
    earliest TEXT REFERENCES articles (id) ON UPDATE CASCADE,  -- of its group; NULL: alone
    best TEXT REFERENCES articles (id) ON UPDATE CASCADE
);
CREATE TABLE urls (
    url TEXT PRIMARY KEY NOT NULL,
    canonical TEXT NOT NULL,  -- one spelling for all links that say the same
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE
);
INSERT INTO "urls" VALUES('http://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f#rd','https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','MzI0NTk5OTk5MA==:2650000001:1');
INSERT INTO "urls" VALUES('https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0','https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0','MzI0NTk5OTk5MA==:2650000001:1');
INSERT INTO "urls" VALUES('https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f&chksm=abababababababababababababababababababababababababababababababababababababab&scene=27','https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1&sn=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','MzI0NTk5OTk5MA==:2650000001:1');
INSERT INTO "urls" VALUES('https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2','https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000009&idx=2','MzI0NTk5OTk5MA==:2650000009:2');
INSERT INTO "urls" VALUES('https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1','https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1','s:zYxWvUtSrQpOnMlKjIhGf1');
CREATE TABLE web_captures (  -- those of articles that had no text when they were listed
    server TEXT NOT NULL,
    captured_at TEXT NOT NULL,  -- fourteen digits of UTC
    url TEXT NOT NULL,          -- as captured
    article_id TEXT NOT NULL REFERENCES articles (id) ON UPDATE CASCADE,
    status TEXT NOT NULL,       -- of HTTP, as the archive's index has it
    digest TEXT NOT NULL,
    looked_at TEXT NOT NULL,    -- empty until it was fetched
    outcome TEXT NOT NULL,      -- what it turned out to be
    PRIMARY KEY (server, captured_at, url)
);
CREATE TABLE web_queries (
    server TEXT NOT NULL,    -- where the archive replays
    query TEXT NOT NULL,     -- the beginning of addresses, or a whole one
    at TEXT NOT NULL,        -- when its last page was answered
    captures INTEGER NOT NULL,
    following TEXT NOT NULL, -- asks for the next page; empty where all was answered
    PRIMARY KEY (server, query)
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX articles_date ON articles (date);
CREATE INDEX articles_account ON articles (account);
CREATE INDEX articles_state ON articles (state);
CREATE INDEX urls_canonical ON urls (canonical);
CREATE INDEX urls_article ON urls (article_id);
CREATE INDEX events_article ON events (article_id, at);
CREATE INDEX queue_due ON queue (needs_link, date DESC);
CREATE INDEX queue_article ON queue (article_id);
CREATE INDEX seeds_article ON seeds (article_id);
CREATE VIEW documents AS
SELECT id, title, front_matter || body AS markdown FROM articles WHERE body <> '';
CREATE INDEX pictures_sha256 ON pictures (sha256);
CREATE INDEX pictures_url ON pictures (url);
CREATE VIEW states (state, meaning, meaning_zh, final, has_text, what_to_do) AS VALUES
('ok', 'the whole article', '全文', 1, 1, ''),
('truncated', 'a copy that its tool cut short', '被工具截断的副本', 0, 1, 'give a link with chksm, or a short one: crawler queue add URL'),
('paid', 'the free part of a paid article', '付费文章的试读部分', 1, 1, ''),
('hollow', 'the page came without its article', '只有页面框架，没有正文', 0, 0, 'give a link with chksm, or a short one: crawler queue add URL'),
('unsigned', 'WeChat answers its link with nothing', '链接缺少 chksm，打不开', 0, 0, 'give a link with chksm, or a short one: crawler queue add URL'),
('verification', 'WeChat asks whether a person reads', '需要验证是否为真人', 0, 0, 'wait; the next run goes on by itself'),
('rate_limited', 'WeChat was asked too often', '访问过于频繁', 0, 0, 'wait; the next run goes on by itself'),
('unavailable', 'not to be had at that moment', '暂时无法查看', 0, 0, 'fetch it again: crawler fetch --queued'),
('system', 'WeChat had an error of its own', '系统出错', 0, 0, 'fetch it again: crawler fetch --queued'),
('unreadable', 'what came is no page that we can read', '返回的内容无法识别', 0, 0, 'fetch it again: crawler fetch --queued'),
('deleted', 'its author deleted it', '已被发布者删除', 1, 0, ''),
('violation', 'taken down for a violation', '因违规无法查看', 1, 0, ''),
('complaint', 'taken down after complaints', '被投诉后无法查看', 1, 0, ''),
('send_failed', 'it was never sent out', '发送失败，无法查看', 1, 0, ''),
('account_gone', 'its account is closed or blocked', '帐号已注销或被屏蔽', 1, 0, ''),
('migrated', 'its account moved to another', '帐号已迁移', 1, 0, ''),
('expired', 'its link was for a while only', '链接已过期', 1, 0, 'give a link with chksm, or a short one: crawler queue add URL'),
('bad_link', 'its link names no article', '链接参数错误', 1, 0, 'give a link with chksm, or a short one: crawler queue add URL'),
('rumour', 'taken down as a rumour', '被认定为不实信息', 1, 0, ''),
('private', 'its author keeps it private', '作者设为私密', 1, 0, ''),
('client_only', 'to be seen in the app only', '只能在微信客户端打开', 1, 0, ''),
('album', 'a list of articles', '合集', 1, 0, 'give the links that it lists'),
('account_page', 'a page about an account', '公众号主页', 1, 0, ''),
('not_wechat', 'no article of WeChat''s', '不是微信文章', 1, 0, '');
CREATE INDEX evidence_verdict ON evidence (verdict);
CREATE INDEX forgotten_article ON forgotten (article);
CREATE INDEX web_captures_pending ON web_captures (server, looked_at, article_id);
CREATE INDEX web_captures_article ON web_captures (server, article_id);
CREATE INDEX exported_article ON exported (article_id);
CREATE INDEX events_deaths ON events (article_id) WHERE state IN
    ('deleted', 'violation', 'complaint', 'send_failed', 'account_gone', 'rumour');
CREATE VIEW deaths AS  -- each death that a second look on another day confirmed
WITH looks AS (
    SELECT article_id, at, state, detail,
        state NOT IN ('ok', 'truncated', 'paid') AS dead,
        sum(state IN ('ok', 'truncated', 'paid')) OVER (
            PARTITION BY article_id ORDER BY at, id
        ) AS life
    FROM events
    WHERE article_id IN (
        SELECT article_id FROM events WHERE state IN
            ('deleted', 'violation', 'complaint', 'send_failed', 'account_gone', 'rumour')
    )
    AND state IN ('ok', 'truncated', 'paid',
        'deleted', 'violation', 'complaint', 'send_failed', 'account_gone', 'rumour')
    AND origin IN ('fetch', 'capture', 'seed') AND at > '2' AND at < '3'
),
lives AS (  -- from a look that found it to the next one that did
    SELECT article_id, life,
        max(CASE WHEN NOT dead THEN at END) AS alive,
        min(CASE WHEN dead THEN at END) AS dead
    FROM looks GROUP BY article_id, life
),
ended AS (  -- beside min(), SQLite takes the columns of the row that has it
    SELECT lives.article_id, lives.life, lives.alive, lives.dead,
        min(looks.at) AS confirmed, looks.state, looks.detail
    FROM lives JOIN looks ON looks.article_id = lives.article_id AND looks.life = lives.life
    WHERE looks.dead AND substr(looks.at, 1, 10) > substr(lives.dead, 1, 10)
    GROUP BY lives.article_id, lives.life
)
SELECT ended.article_id, articles.title,
    coalesce(nullif(articles.account, ''), articles.source) AS account,
    articles.url, articles.date,
    coalesce(ended.alive, '') AS last_seen_alive,
    ended.dead AS first_seen_dead, ended.confirmed,
    coalesce(later.alive, '') AS seen_again,  -- where it came back
    ended.state,
    CASE WHEN ended.detail LIKE '% says % (notice %' THEN substr(ended.detail,
        instr(ended.detail, ' says ') + 6,
        instr(ended.detail, ' (notice ') - instr(ended.detail, ' says ') - 6
    ) ELSE ended.detail END AS notice,
    articles.characters,  -- what we still hold, here and below
    (SELECT count(*) FROM revisions AS r WHERE r.article_id = ended.article_id) AS revisions,
    (SELECT count(*) FROM snapshots AS s WHERE s.article_id = ended.article_id) AS snapshots,
    (SELECT count(*) FROM pictures AS p
        WHERE p.article_id = ended.article_id AND p.state = 'stored') AS pictures
FROM ended JOIN articles ON articles.id = ended.article_id
LEFT JOIN lives AS later
    ON later.article_id = ended.article_id AND later.life = ended.life + 1;
CREATE INDEX reader_tags_tag ON reader_tags (tag);
CREATE INDEX articles_texts ON articles (account, date, body_hash) WHERE body_hash <> '';
CREATE INDEX stories_earliest ON stories (earliest);
CREATE INDEX stories_best ON stories (best);
CREATE INDEX stories_text ON stories (text);
COMMIT;
