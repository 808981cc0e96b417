# ruff: noqa: E501 - tables of words read best as tables
"""The series that are sold at a fixed price: hard gold, gold of 18K, platinum, stones, jade, pearls, watches."""

from __future__ import annotations

from .catalogue_words import Series

FIXED_SERIES = (
    Series("YG", "5G{}吊坠", "5G Gold {} Pendant", "pendant", "gold_5g", "fixed", (800, 2600),
           "clover rabbit moon butterfly safety lotus persimmon horse", (1180, 3680), wearer="f", occasions="gift self", pull=20),
    Series("YL", "5G{}手链", "5G Gold {} Bracelet", "bracelet", "gold_5g", "fixed", (1600, 4200),
           "clover camellia wave heart moon", (2280, 5680), occasions="gift self", pull=18),
    Series("YE", "3D硬金{}耳钉", "3D Gold {} Ear Studs", "earring", "gold_3d", "fixed", (500, 1500),
           "rabbit butterfly snow camellia magnolia heart", (780, 1980), occasions="gift self", pull=18),
    Series("ZH", "3D硬金{}转运珠", "3D Gold {} Lucky Bead", "bead", "gold_3d", "fixed", (400, 1600),
           "pixiu gourd koi rabbit dragon horse fortune persimmon moon", (598, 1980), wearer="u", occasions="gift self baby", pull=30),
    Series("ZP", "3D硬金{}吊坠", "3D Gold {} Pendant", "pendant", "gold_3d", "fixed", (900, 3800),
           "ruyi koi swan magnolia safety guanyin", (1380, 4680), occasions="gift", pull=14),
    Series("DR", "", "", "ring", "k18_white", "fixed", (2200, 4200), "plain heart snow plain ribbon swan plain heart", (6800, 128000),
           stone="diamond", carats=(180, 2010), occasions="wedding", pull=16,
           named="六爪皇冠钻戒 18分|Six-Prong Crown Diamond Ring 0.18 ct;四爪初心钻戒 30分|Four-Prong First Love Diamond Ring 0.30 ct;"
                 "雪花密镶钻戒 40分|Snowflake Pavé Diamond Ring 0.40 ct;六爪经典钻戒 50分|Six-Prong Classic Diamond Ring 0.50 ct;"
                 "丝带扭臂钻戒 70分|Ribbon Shank Diamond Ring 0.70 ct;天鹅臂钻戒 1克拉|Swan Shank Diamond Ring 1.01 ct;"
                 "六爪皇冠钻戒 1.5克拉|Six-Prong Crown Diamond Ring 1.50 ct;心形主石钻戒 2克拉|Heart-Cut Diamond Ring 2.01 ct"),
    Series("DP", "", "", "ring", "pt950", "fixed", (2800, 4800), "plain knot plain wave", (9800, 46800),
           stone="diamond", carats=(250, 900), occasions="wedding", pull=12,
           named="铂金六爪钻戒 25分|Platinum Six-Prong Diamond Ring 0.25 ct;铂金同心钻戒 35分|Platinum Lovers' Knot Diamond Ring 0.35 ct;"
                 "铂金牛头款钻戒 50分|Platinum Bull-Head Diamond Ring 0.50 ct;铂金微波臂钻戒 90分|Platinum Ripple Diamond Ring 0.90 ct"),
    Series("DB", "18K{}钻石对戒", "18K {} Diamond Band", "ring", "k18_rose", "fixed", (2400, 4200),
           "knot wave ribbon heart plain", (2680, 6880), stone="diamond", carats=(30, 120), wearer="u", occasions="wedding pair", pull=14),
    Series("DN", "18K{}钻石项链", "18K {} Diamond Necklace", "necklace", "k18_white", "fixed", (1800, 3600),
           "snow rain heart clover ribbon swan moon", (2980, 23800), stone="diamond", carats=(60, 500), occasions="gift self", pull=16),
    Series("DE", "18K{}钻石耳钉", "18K {} Diamond Ear Studs", "earring", "k18_white", "fixed", (1200, 2400),
           "snow plain rain clover", (2280, 18800), stone="diamond", carats=(80, 600), occasions="gift self", pull=12),
    Series("KN", "18K{}锁骨链", "18K {} Necklace", "necklace", "k18_rose", "fixed", (1400, 3000),
           "clover moon heart swan butterfly leaf rain", (1580, 4280), occasions="gift self", pull=20),
    Series("KR", "18K{}戒指", "18K {} Ring", "ring", "k18_yellow", "fixed", (1200, 3200),
           "rope plain leaf wave camellia", (1280, 4380), occasions="self", pull=14),
    Series("KL", "18K{}手链", "18K {} Bracelet", "bracelet", "k18_yellow", "fixed", (1600, 4200),
           "clover rope heart moon", (1880, 5680), occasions="gift self", pull=14),
    Series("RB", "", "", "ring", "k18_yellow", "fixed", (3200, 5200), "peony rain camellia", (12800, 56800), stone="ruby",
           carats=(500, 2050), occasions="self gift", pull=5,
           named="红宝石花冠戒 0.5克拉|Ruby Corolla Ring 0.50 ct;红宝石水滴戒 1克拉|Ruby Drop Ring 1.02 ct;"
                 "红宝石群镶戒 2克拉|Ruby Cluster Ring 2.05 ct"),
    Series("SB", "", "", "necklace", "k18_white", "fixed", (3200, 5600), "rain wave moon", (11800, 48800), stone="sapphire",
           carats=(600, 2030), occasions="self gift", pull=5,
           named="蓝宝石雨滴项链 0.6克拉|Sapphire Raindrop Necklace 0.60 ct;皇家蓝蓝宝石项链 1克拉|Royal Blue Sapphire Necklace 1.05 ct;"
                 "蓝宝石星月项链 2克拉|Sapphire Moon Necklace 2.03 ct"),
    Series("CG", "", "", "earring", "k18_yellow", "fixed", (2600, 3800), "peony rain", (8800, 19800), stone="ruby",
           carats=(600, 1200), occasions="self gift", pull=4,
           named="红宝石花蕾耳钉|Ruby Bud Ear Studs;红宝石水滴耳环|Ruby Drop Earrings"),
    Series("FZ", "", "", "jade_bangle", "none", "fixed", (48000, 62000), "plain plain wave plain lotus plain plain plain", (6800, 288000),
           stone="jadeite", wearer="f", occasions="self elder collector", pull=8,
           named="豆种飘花翡翠手镯|Jadeite Bangle, Bean Texture, Floating Green;糯种晴底翡翠手镯|Jadeite Bangle, Glutinous, Clear Blue;"
                 "糯冰飘花翡翠手镯|Jadeite Bangle, Icy Glutinous, Floating Green;紫罗兰翡翠手镯|Jadeite Bangle, Lavender;"
                 "冰种飘花翡翠手镯|Jadeite Bangle, Icy, Floating Green;冰种晴水翡翠手镯|Jadeite Bangle, Icy, Clear Water;"
                 "阳绿圆条翡翠手镯|Jadeite Bangle, Bright Green, Round Bar;高冰阳绿翡翠手镯|Jadeite Bangle, High Icy, Bright Green"),
    Series("FP", "翡翠A货{}吊坠", "Jadeite {} Pendant", "jade_pendant", "k18_yellow", "fixed", (6000, 14000),
           "safety gourd guanyin buddha leaf fortune bamboo persimmon", (1980, 68000), stone="jadeite", wearer="u",
           occasions="self gift elder", pull=14),
    Series("FE", "翡翠A货{}耳钉", "Jadeite {} Ear Studs", "earring", "k18_yellow", "fixed", (2200, 3800),
           "safety leaf rain", (2680, 16800), stone="jadeite", occasions="self elder", pull=7),
    Series("HT", "和田玉{}手镯", "Nephrite {} Bangle", "jade_bangle", "none", "fixed", (52000, 64000),
           "plain lotus cloud", (4800, 58000), stone="nephrite", occasions="self elder", pull=6),
    Series("HP", "和田玉{}牌", "Nephrite {} Plaque", "jade_pendant", "none", "fixed", (14000, 32000),
           "fortune bamboo ruyi safety fish", (1680, 26800), stone="nephrite", wearer="m", occasions="self gift elder", pull=9),
    Series("ZZ", "", "", "pearl_strand", "k18_white", "fixed", (26000, 48000), "plain plain plain plain plain", (1980, 36800),
           stone="pearl", occasions="self gift elder", pull=9,
           named="淡水珍珠串链 7-8mm|Freshwater Pearl Strand 7–8 mm;淡水极光珍珠串链 8-9mm|Freshwater Aurora Pearl Strand 8–9 mm;"
                 "海水白珠串链 7.5-8mm|Akoya Pearl Strand 7.5–8 mm;南洋金珠串链 9-11mm|Golden South Sea Pearl Strand 9–11 mm;"
                 "海水白珠高光串链 8-8.5mm|Akoya Pearl Strand, High Lustre, 8–8.5 mm"),
    Series("ZY", "18K珍珠{}", "Pearl {}", "earring", "k18_yellow", "fixed", (2200, 4600), "plain rain magnolia ribbon", (980, 6880),
           stone="pearl", occasions="gift self", pull=14,
           named="18K淡水珍珠耳钉|Freshwater Pearl Ear Studs;18K珍珠雨滴耳线|Pearl Raindrop Ear Threads;"
                 "18K玉兰珍珠耳环|Magnolia Pearl Earrings;18K海水珍珠蝴蝶结耳钉|Akoya Ribbon Ear Studs"),
    Series("ZD", "18K珍珠{}吊坠", "Pearl {} Pendant", "pendant", "k18_yellow", "fixed", (2600, 5200),
           "swan leaf moon rain", (1380, 12800), stone="pearl", occasions="gift self", pull=12),
    Series("WB", "", "", "watch", "steel", "fixed", (78000, 112000), "plain moon plain", (2680, 12800), wearer="u",
           occasions="gift", pull=4,
           named="珍宝阁月相腕表|Zhenbaoge Moonphase Watch;珍宝阁珠母贝女士腕表|Zhenbaoge Mother-of-Pearl Watch for Her;"
                 "珍宝阁典雅商务腕表|Zhenbaoge Business Watch"),
    Series("SY", "925银{}", "Sterling {}", "necklace", "ag925", "fixed", (2600, 6200), "moon swan snow clover", (198, 598),
           occasions="gift self", pull=14,
           named="925银星月项链|Sterling Star and Moon Necklace;925银天鹅项链|Sterling Swan Necklace;"
                 "925银雪花项链|Sterling Snowflake Necklace;925银四叶草项链|Sterling Clover Necklace"),
)  # fmt: skip
