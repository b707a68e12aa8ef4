//! A corpus of any size made from a smaller one, the same bytes on every machine:
//! real sections under new titles, numbers and dates, in official layout.
//!
//! Copies alone would let the vocabulary stand still while a real collection's
//! grows with a power of its size (Heaps' law), mostly by names and numbers. So
//! clauses are put in that name places, bodies, projects and persons; a name is a
//! new one or one named before as Pitman and Yor's process has it, whose number of
//! distinct values after n draws grows as n^0.7.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use random::Random;

#[path = "random.rs"]
mod random;

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    pub files: u64,
    pub bytes: u64,
}

/// Writes documents made of those below `from` into folders below `to`, until they
/// have `bytes` in all.
///
/// # Panics
/// When `from` holds nothing to draw from, or `to` cannot be written.
pub fn generate(from: &Path, to: &Path, bytes: u64) -> Written {
    let mut generator = Generator::new(Source::read(from));
    let mut written = Written::default();
    while written.bytes < bytes {
        let document = generator.document(written.files);
        let folder = to.join(format!("{:03}", written.files / FILES_A_FOLDER));
        std::fs::create_dir_all(&folder).expect("the target folder can be written");
        let name = format!("{:06}{}.txt", written.files, document.title.chars().take(40).collect::<String>());
        std::fs::write(folder.join(name), &document.text).expect("the target folder can be written");
        written.files += 1;
        written.bytes += document.text.len() as u64;
    }
    written
}

const FILES_A_FOLDER: u64 = 1_000;

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// What is drawn from.
struct Source {
    /// Texts of sections without their labels, items and all.
    articles: Vec<String>,
    /// Paragraphs that begin with no label.
    paragraphs: Vec<String>,
    /// Clauses with what ends them, from anywhere.
    clauses: Vec<String>,
    headings: Vec<String>,
}

impl Source {
    fn read(folder: &Path) -> Source {
        let mut source =
            Source { articles: Vec::new(), paragraphs: Vec::new(), clauses: Vec::new(), headings: Vec::new() };
        for path in files(folder) {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let Ok(extracted) = gongwen::extract::extract(&bytes, &path) else { continue };
            for section in gongwen::structure::parse(&extracted, &path).sections {
                source.add(&section);
            }
        }
        assert!(!source.paragraphs.is_empty() && !source.clauses.is_empty(), "nothing to draw from in {folder:?}");
        if source.articles.is_empty() {
            source.articles.clone_from(&source.paragraphs);
        }
        source
    }

    fn add(&mut self, section: &gongwen::document::Section) {
        const LONGEST_HEADING: usize = 24;
        let heading = section.heading.trim();
        if (4..=LONGEST_HEADING).contains(&heading.chars().count()) && heading.chars().all(is_han) {
            self.headings.push(heading.to_owned());
        }
        let is_article = section.label.starts_with('第') && section.label.ends_with('条');
        if let Some(text) = section.text.strip_prefix(&section.label).filter(|_| is_article) {
            self.articles.push(text.trim().replace('\t', " "));
        }
        for paragraph in section.text.lines().skip(usize::from(!section.heading.is_empty())) {
            let paragraph = paragraph.strip_prefix(&section.label).unwrap_or(paragraph).trim();
            if paragraph.starts_with(is_han) && paragraph.ends_with('。') && !paragraph.starts_with(['第', '附']) {
                self.paragraphs.push(paragraph.to_owned());
                self.clauses.extend(clauses(paragraph).map(str::to_owned));
            }
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['，', '；', '。'])
}

impl Random {
    /// True `part` times in `whole`.
    fn chance(&mut self, part: usize, whole: usize) -> bool {
        self.below(whole) < part
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn choose<'a>(&mut self, of: &'a [String]) -> &'a str {
        &of[self.below(of.len())]
    }

    /// About `median`, seldom more than five times as much or as little: twelve steps
    /// of a fifth up or down, so in whole numbers what a log-normal of σ = 0.77 is.
    fn around(&mut self, median: usize) -> usize {
        let steps = (0..12).filter(|_| self.chance(1, 2)).count();
        (6..steps).fold((steps..6).fold(median, |size, _| size * 16 / 25), |size, _| size * 25 / 16)
    }
}

/// Names that are drawn again the more often they were drawn before.
struct Names {
    values: Vec<String>,
    /// The value of every draw so far.
    draws: Vec<u32>,
}

impl Names {
    fn new() -> Names {
        Names { values: Vec::new(), draws: Vec::new() }
    }

    fn draw(&mut self, random: &mut Random, make: impl FnOnce(&mut Random) -> String) -> String {
        const CONCENTRATION: usize = 50;
        // A discount of 7/10: new with (θ + 0.7 k) / (θ + n).
        let is_new = random.chance(10 * CONCENTRATION + 7 * self.values.len(), 10 * (CONCENTRATION + self.draws.len()));
        let at = if is_new || self.draws.is_empty() {
            self.values.push(make(random));
            self.values.len() as u32 - 1
        } else {
            self.draws[random.below(self.draws.len())]
        };
        self.draws.push(at);
        self.values[at as usize].clone()
    }
}

struct Document {
    title: String,
    text: String,
}

struct Generator {
    source: Source,
    random: Random,
    places: Names,
    bodies: Names,
    projects: Names,
    persons: Names,
    numbers: Names,
    codes: Names,
}

impl Generator {
    fn new(source: Source) -> Generator {
        let random = Random(0x9e37_79b9_7f4a_7c15);
        Generator {
            source,
            random,
            places: Names::new(),
            bodies: Names::new(),
            projects: Names::new(),
            persons: Names::new(),
            numbers: Names::new(),
            codes: Names::new(),
        }
    }

    fn place(&mut self) -> String {
        self.places.draw(&mut self.random, |random| {
            let name = characters(random, PLACE_CHARACTERS, 2);
            format!("{name}{}", random.pick(&["市", "市", "县", "县", "区", "镇", "乡", "街道", "村"]))
        })
    }

    fn body(&mut self) -> String {
        let place = self.place();
        self.bodies.draw(&mut self.random, |random| format!("{place}{}", random.pick(BODIES)))
    }

    fn project(&mut self) -> String {
        let kinds = PROJECTS;
        self.projects.draw(&mut self.random, |random| {
            let length = 2 + random.below(2);
            format!("{}{}", characters(random, PLACE_CHARACTERS, length), random.pick(kinds))
        })
    }

    fn person(&mut self) -> String {
        self.persons.draw(&mut self.random, |random| {
            let length = 1 + random.below(2);
            format!("{}{}", characters(random, SURNAMES, 1), characters(random, PLACE_CHARACTERS, length))
        })
    }

    fn number(&mut self) -> String {
        self.numbers.draw(&mut self.random, |random| {
            let whole = random.around(3_000);
            if random.chance(1, 3) { format!("{whole}.{}", 1 + random.below(99)) } else { whole.to_string() }
        })
    }

    fn code(&mut self) -> String {
        self.codes.draw(&mut self.random, |random| {
            let letter = |random: &mut Random| char::from(b'A' + random.below(26) as u8);
            format!("{}{}{:05}", letter(random), letter(random), random.below(100_000))
        })
    }

    fn date(&mut self) -> String {
        let random = &mut self.random;
        format!("{}年{}月{}日", 1998 + random.below(27), 1 + random.below(12), 1 + random.below(28))
    }

    /// A clause that names something.
    fn fact(&mut self) -> String {
        match self.random.below(8) {
            0 => format!("{}由{}负责实施，总投资{}万元，", self.project(), self.body(), self.number()),
            1 => format!("{}向{}报送的{}情况截至{}，", self.body(), self.place(), self.project(), self.date()),
            2 => format!("其中{}完成{}户，", self.place(), self.number()),
            3 => format!("{}占地{}平方米，", self.project(), self.number()),
            4 => format!("联系人{}，电话{}，", self.person(), self.random.around(8_000_000)),
            5 => format!("{}会同{}编制的{}方案，", self.body(), self.body(), self.project()),
            6 => format!("按照{}的要求，", self.body()),
            _ => format!("{}（编号{}），", self.project(), self.code()),
        }
    }

    /// A text with some clauses drawn from elsewhere and facts put in between.
    fn vary(&mut self, text: &str, into: &mut String) {
        for (line_number, line) in text.lines().enumerate() {
            if line_number > 0 {
                into.push('\n');
            }
            for (at, clause) in clauses(line).enumerate() {
                if at > 0 && clause.ends_with('，') && self.random.chance(1, 4) {
                    let drawn = self.random.below(self.source.clauses.len());
                    into.push_str(self.source.clauses[drawn].trim_end_matches(['，', '。', '；']));
                    into.push('，');
                } else {
                    into.push_str(clause);
                }
                if clause.ends_with('，') && self.random.chance(1, 8) {
                    let fact = self.fact();
                    into.push_str(&fact);
                }
            }
        }
    }

    fn document(&mut self, number: u64) -> Document {
        const MEDIAN_BYTES: usize = 14_000;
        let bytes = self.random.around(MEDIAN_BYTES);
        if self.random.chance(3, 5) { self.regulation(bytes) } else { self.notice(bytes, number) }
    }

    /// 第一章, 第一条 …
    fn regulation(&mut self, bytes: usize) -> Document {
        let place = self.place();
        let (project, kind) = (self.project(), self.random.pick(&["条例", "办法", "规定", "实施细则"]));
        let title = format!("{place}{project}管理{kind}");
        let mut text = format!(
            "{title}\n（{}{place}人民代表大会常务委员会第{}次会议通过）\n\n",
            self.date(),
            han_number(1 + self.random.below(60))
        );
        let mut chapter = 0;
        let mut article = 0;
        let mut left_in_chapter = 0;
        while text.len() < bytes || article == 0 {
            if left_in_chapter == 0 {
                chapter += 1;
                let name = if chapter == 1 { "总则" } else { self.random.pick(CHAPTERS) };
                let _ = write!(text, "第{}章 {name}\n\n", han_number(chapter));
                left_in_chapter = 4 + self.random.below(12);
            }
            left_in_chapter -= 1;
            article += 1;
            let _ = write!(text, "第{}条 ", han_number(article));
            let drawn = self.random.choose(&self.source.articles).to_owned();
            self.vary(&drawn, &mut text);
            text.push('\n');
            if self.random.chance(1, 3) {
                self.paragraph(&mut text);
            }
            text.push('\n');
        }
        let _ = write!(
            text,
            "第{}章 附则\n\n第{}条 本{kind}自{}起施行。\n",
            han_number(chapter + 1),
            han_number(article + 1),
            self.date()
        );
        Document { title, text }
    }

    /// 一、（一）…
    fn notice(&mut self, bytes: usize, number: u64) -> Document {
        let (body, project, date) = (self.body(), self.project(), self.date());
        let matter = match self.source.headings.len() {
            0 => project,
            headings => format!("{project}{}", self.source.headings[self.random.below(headings)]),
        };
        let title = format!("{body}关于{matter}的{}", self.random.pick(&["通知", "意见", "实施方案", "报告", "通报"]));
        let year = date.split('年').next().unwrap_or("2020").to_owned();
        let short: String = body.chars().take(2).collect();
        let mut text = format!("{title}\n{short}发〔{year}〕{}号\n\n各有关单位：\n", number % 900 + 1);
        self.paragraph(&mut text);
        let (mut first, mut second) = (0, 0);
        let mut left_in_first = 0;
        while text.len() < bytes || first == 0 {
            if left_in_first == 0 {
                first += 1;
                second = 0;
                left_in_first = 2 + self.random.below(5);
                let heading = self.heading();
                let _ = writeln!(text, "　　{}、{heading}", han_number(first));
            }
            left_in_first -= 1;
            second += 1;
            let heading = self.heading();
            let _ = write!(text, "　　（{}）{heading}。", han_number(second));
            for _ in 0..1 + self.random.below(3) {
                self.paragraph(&mut text);
            }
        }
        let _ = write!(text, "\n{body}\n{date}\n");
        Document { title, text }
    }

    fn heading(&mut self) -> String {
        if self.source.headings.is_empty() || self.random.chance(1, 8) {
            return format!("推进{}建设", self.project());
        }
        self.random.choose(&self.source.headings).to_owned()
    }

    fn paragraph(&mut self, text: &mut String) {
        let drawn = self.random.choose(&self.source.paragraphs).to_owned();
        self.vary(&drawn, text);
        text.push('\n');
    }
}

fn characters(random: &mut Random, of: &str, count: usize) -> String {
    let of: Vec<char> = of.chars().collect();
    (0..count).map(|_| of[random.below(of.len())]).collect()
}

/// 1 to 999.
fn han_number(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (hundreds, tens, ones) = (number / 100 % 10, number / 10 % 10, number % 10);
    let mut text = String::new();
    if hundreds > 0 {
        text.push_str(DIGITS[hundreds]);
        text.push('百');
        text.push_str(if tens == 0 && ones > 0 { "零" } else { "" });
    }
    if tens > 0 {
        text.push_str(if tens == 1 && hundreds == 0 { "" } else { DIGITS[tens] });
        text.push('十');
    }
    text.push_str(DIGITS[ones]);
    text
}

const PLACE_CHARACTERS: &str = "\
    安宝北滨昌长潮城池川春慈大丹东渡峨恩丰凤福阜富甘高恭古关广贵桂国海汉杭和鹤衡虹湖花华淮黄徽惠吉嘉建江\
    姜金锦晋泾景靖九开康昆兰乐雷黎丽连良临灵柳龙隆鲁鹿罗洛麻马茂梅蒙绵岷明牟南宁盘彭平萍坪浦濮祁千黔桥青\
    清庆琼曲泉仁荣如瑞三沙山上韶沈石寿舒水顺松遂台太泰潭唐桃天田铁通桐铜潼万望威潍渭文武乌梧西溪霞仙湘襄\
    祥小孝新兴秀徐许宣雅延盐燕阳扬宜义益阴银鹰永榆玉裕元源远岳云郧枣张漳昭肇镇郑芝中舟珠株竹资淄紫遵艾岸\
    昂奥柏蚌堡碧汴宾泊博亳苍岑茶巢郴澄赤崇滁楚淳茨枞达代岱当砀儋宕登邓滴迪砥点定冬董陡都独段敦鄂坊肥芬汾\
    枫奉涪抚赣港岗皋格巩姑固观冠光归果哈邯汗菏赫横红洪侯呼葫户怀环洹桓潢珲会霍鸡集蓟佳夹郏监简涧将绛蛟胶\
    揭介津荆井巨鄄浚喀凯阚柯克奎夔阆阔崃莱涞蓝岚朗老耒里溧涟辽烈林凛陵浏六卢陆潞吕滦仑萝漯洺满茫孟弥米密\
    沔庙闽茗漠木睦纳奈萧嫩尼纽农怒诺欧磐沛蓬郫偏屏鄱蒲栖岐启乾潜羌樵秦沁渠全确饶任汝润若赛桑森商尚邵射深\
    什十嵊师施嵩肃宿睢随绥索塔郯塘洮滕腾迢汀吐湾皖汪王微巍尉温翁沃无吾芜婺息淅稀浠喜夏咸乡项莘忻信邢雄修\
    须旬逊崖鸭崦郾砚焰羊瑶野伊沂弋英颍雍涌邮右余渔禹原沅垣越芸匀郓泽扎翟湛哲浙贞织治忠钟诸州邹尊";
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const BODIES: &[&str] = &[
    "人民政府",
    "人民政府办公室",
    "发展和改革委员会",
    "财政局",
    "教育局",
    "卫生健康委员会",
    "市场监督管理局",
    "应急管理局",
    "生态环境局",
    "自然资源局",
    "住房和城乡建设局",
    "交通运输局",
    "水务局",
    "农业农村局",
    "人力资源和社会保障局",
    "公安局",
    "民政局",
    "司法局",
    "审计局",
    "税务局",
];
const PROJECTS: &[&str] = &[
    "产业园",
    "水库",
    "大桥",
    "灌区",
    "工业园区",
    "污水处理厂",
    "变电站",
    "铁路",
    "高速公路",
    "港区",
    "物流园",
    "开发区",
    "保护区",
    "水电站",
    "风电场",
    "医院",
    "中学",
    "安置小区",
    "森林公园",
    "示范区",
];
const CHAPTERS: &[&str] = &[
    "规划与建设",
    "监督管理",
    "法律责任",
    "权利和义务",
    "保障措施",
    "登记与备案",
    "资金管理",
    "组织机构",
    "运营与维护",
    "安全管理",
    "扶持与促进",
    "许可与审批",
    "信息公开",
    "应急处置",
    "评估与考核",
];
