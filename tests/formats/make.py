#!/usr/bin/env python3
"""Makes the fixtures of this folder. See README.md; the files are committed, so
this needs to run only when a fixture is added or changed.

Needs LibreOffice (writer, calc, impress), p7zip and qpdf from Debian.
"""
import base64, gzip, io, os, shutil, struct, subprocess, tarfile, tempfile, zipfile, zlib

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "..", "corpus", "notices")
NOTICE = "青屿市司法局关于《青屿市城市供水管理办法》有关条款适用问题的解释.txt"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WHEN = (2024, 1, 1, 0, 0, 0)


def path(name):
    return os.path.join(HERE, name)


def put(archive, name, data, method=zipfile.ZIP_DEFLATED):
    info = zipfile.ZipInfo(name, WHEN)
    info.compress_type = method
    archive.writestr(info, data)


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts:
            put(archive, name, data)
    return out.getvalue()


def write(name, data):
    with open(path(name), "wb") as out:
        out.write(data)


def docx(body, numbering="", notes="", styles="", extra=(), relations=""):
    kinds = ['<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>']
    rels = relations
    parts = []
    for name, xml in (("numbering", numbering), ("footnotes", notes), ("styles", styles)):
        if xml:
            kinds.append(f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"/>')
            rels += f'<Relationship Id="r_{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
            parts.append((f"word/{name}.xml", xml))
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped([
        ("[Content_Types].xml", f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="mht" ContentType="message/rfc822"/>{"".join(kinds)}</Types>'),
        ("_rels/.rels", f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="{package}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'),
        ("docProps/core.xml", f'{head}<cp:coreProperties xmlns:cp="{package}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>模板标题</dc:title><dc:creator>办公室</dc:creator></cp:coreProperties>'),
        ("word/document.xml", f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"),
        ("word/_rels/document.xml.rels", f'{head}<Relationships xmlns="{package}/relationships">{rels}</Relationships>'),
        *parts, *extra])


def p(text, properties="", run=""):
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def listed(text, level, list_id=1):
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def convert(source, kinds):
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", folder, path(source)], check=True, stdout=subprocess.DEVNULL)
            suffix = kind.split(":")[0]
            made = os.path.splitext(source)[0] + "." + suffix
            shutil.move(os.path.join(folder, made), path(made))


def notice():
    """One notice in every word processor's format."""
    with open(os.path.join(CORPUS, NOTICE), encoding="utf-8") as file:
        text = file.read()
    write("notice.expected.txt", text.encode())
    lines = text.split("\n")
    body = "".join(p(line.replace("&", "&amp;").replace("<", "&lt;")) for line in lines)
    write("notice.docx", docx(body))
    convert("notice.docx", ["doc", "odt", "rtf", "pdf", "html"])
    shutil.copy(path("notice.doc"), path("notice.wps"))


def numbered():
    """Automatic numbers, a table, a note, a text box, tracked changes."""
    def level(n, fmt, text, suffix="nothing"):
        return f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/><w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'
    numbering = f'''<w:numbering {W}>
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{level(0, "chineseCountingThousand", "第%1章", "space")}{level(1, "chineseCountingThousand", "第%2条", "space").replace('<w:suff', '<w:lvlRestart w:val="0"/><w:suff')}{level(2, "chineseCountingThousand", "（%3）")}{level(3, "decimal", "%4.")}</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{level(0, "chineseCountingThousand", "%1、")}{level(1, "decimal", "%1.%2", "space").replace('<w:lvlText', '<w:isLgl/><w:lvlText')}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'''
    notes = f'<w:footnotes {W}><w:footnote w:id="1"><w:p><w:r><w:t>供水单位包括自建设施供水的单位。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    row = lambda *cells: "<w:tr>" + "".join(f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{p(cell)}</w:tc>' for cell in cells) + "</w:tr>"
    box = lambda text: f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{p(text)}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{p(text)}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>'
    changed = '<w:p><w:r><w:t>供水价格</w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>由企业决定</w:delText></w:r></w:del><w:ins w:id="2" w:author="a"><w:r><w:t>实行政府定价</w:t></w:r></w:ins><w:r><w:t>。</w:t></w:r></w:p>'
    hidden = p("隐藏的文字", run="<w:vanish/>")
    noted = '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>本办法适用于供水单位</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>。</w:t></w:r></w:p>'
    field = '<w:p><w:r><w:t>见</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "http://example.invalid" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>附件一</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>。</w:t></w:r></w:p>'
    body = "".join([
        p("青屿市供水管理试行办法"), listed("总则", 0), listed("为了加强供水管理，制定本办法。", 1), noted,
        listed("供水与用水", 0), listed("用水单位应当履行下列义务：", 1), listed("安装计量器具；", 2), listed("按时缴纳水费。", 2), listed("禁止下列行为：", 1), listed("擅自接管；", 2), changed, field, hidden,
        f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>{row("用水类别", "每立方米价格")}{row("居民生活", "2.85元")}</w:tbl>',
        p(""), listed("指标说明", 0, 2), listed("漏损率", 1, 2), listed("工作要求", 0, 2), listed("重新开始", 0, 3)])
    write("numbered.docx", docx(body, numbering, notes))
    # A text box is tried in .docx alone: LibreOffice wants more of a drawing.
    write("box.docx", docx(p("青屿市水务局文件") + box("青水〔2024〕3号") + p("关于供水的通知"), numbering))
    convert("numbered.docx", ["doc", "odt", "rtf"])


def chunk():
    """A document whose text is an MHT part."""
    page = "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body><p>青屿市节约用水条例</p><p>第一条　为了节约用水，制定本条例。</p></body></html>".encode("gbk")
    mht = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"; type=\"text/html\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\nContent-Location: file:///a.htm\r\n\r\n" + base64.encodebytes(page) + b"\r\n--b--\r\n"
    write("chunk.docx", docx('<w:altChunk r:id="c1"/>', extra=[("word/afchunk.mht", mht)], relations=f'<Relationship Id="c1" Type="{OFFICE}/aFChunk" Target="/word/afchunk.mht"/>'))
    write("page.mht", mht)


def mail():
    subject = "=?gb18030?B?" + base64.b64encode("关于报送节水数据的函".encode("gb18030")).decode() + "?="
    name = "=?utf-8?B?" + base64.b64encode("附件 数据.txt".encode()).decode() + "?="
    body = base64.encodebytes("请于三月底前报送节水数据。".encode("gb18030")).decode()
    attached = base64.encodebytes("第一条 全年节水五百万立方米。".encode()).decode()
    write("letter.eml", f'''From: =?utf-8?B?{base64.b64encode("水务局".encode()).decode()}?= <a@example.invalid>
To: b@example.invalid
Subject: {subject}
Date: Mon, 04 Mar 2024 09:00:00 +0800
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain; charset=gb18030
Content-Transfer-Encoding: base64

{body}
--x
Content-Type: text/plain; name="{name}"
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{attached}
--x--
'''.replace("\n", "\r\n").encode())


def ofd():
    def page(content):
        return f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Template TemplateID="9"/><ofd:Content><ofd:Layer ID="1">{content}</ofd:Layer></ofd:Content></ofd:Page>'
    count = [10]
    def text(x, y, words, extra="", size=5.6, steps=None):
        count[0] += 1
        steps = steps or (f"g {len(words) - 1} {size}" if len(words) > 1 else "")
        return f'<ofd:TextObject ID="{count[0]}" Boundary="{x} {y} 180 8" Font="2" Size="{size}" {extra}><ofd:TextCode X="0" Y="6" DeltaX="{steps}">{words}</ofd:TextCode></ofd:TextObject>'
    first = "".join([
        # Not in reading order; the title in two codes, one of them scaled.
        text(20, 80, "　　第一条　为了规范取水许可管理，保障水资源合理利用，", steps="g 25 5.6"),
        text(20, 90, "制定本办法。"),
        text(60, 50, "青屿市取水"), text(88, 50, "许可办法", extra='CTM="2 0 0 2 0 -6"', size=2.8),
        text(20, 100, "　　第二条　本办法自2024年5月1日起施行。"),
        f'<ofd:TextObject ID="90" Boundary="30 150 100 100" Font="2" Size="20" CTM="0.7 0.7 -0.7 0.7 0 0"><ofd:TextCode X="0" Y="20">内部资料</ofd:TextCode></ofd:TextObject>',
        text(20, 130, "透明", extra='Alpha="0"')])
    second = text(20, 60, "　　第三条　违反本办法的，责令改正。")
    head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    info = "<ofd:DocInfo><ofd:DocID>1</ofd:DocID><ofd:Title>青屿市取水许可办法</ofd:Title><ofd:Author>水务局</ofd:Author><ofd:CreationDate>2024-04-02</ofd:CreationDate><ofd:CustomDatas><ofd:CustomData Name=\"发文字号\">青政发〔2024〕12号</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>"
    parts = [
        ("OFD.xml", f'{head}<ofd:OFD {ns} DocType="OFD" Version="1.1"><ofd:DocBody>{info}<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>'),
        ("Doc_0/Document.xml", f'{head}<ofd:Document {ns}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/><ofd:Page ID="2" BaseLoc="./Pages/Page_1/Content.xml"/></ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>'),
        ("Doc_0/Pages/Page_0/Content.xml", page(first)), ("Doc_0/Pages/Page_1/Content.xml", page(second)),
        ("Doc_0/Tpls/Tpl_0/Content.xml", page(text(20, 10, "青屿市水务局文件"))),
        ("Doc_0/Attachs/Attachments.xml", f'{head}<ofd:Attachments {ns}><ofd:Attachment ID="1" Name="取水申请表"><ofd:FileLoc>a.txt</ofd:FileLoc></ofd:Attachment></ofd:Attachments>'),
        ("Doc_0/Signs/Signatures.xml", f"{head}<ofd:Signatures {ns}/>")]
    write("rules.ofd", zipped(parts))
    # Another namespace, and none.
    other = [(name, (data if isinstance(data, str) else data.decode()).replace("ofd:", "").replace('xmlns:ofd="http://www.ofdspec.org/2016"', "").replace("xmlns:http", "xmlns")) for name, data in parts]
    write("plain.ofd", zipped(other))
    write("locked.ofd", zipped([("Entries.xml", "<a/>"), ("Encryptions.xml", "<a/>"), ("Doc_0/x.dat", "x")]))


def sheets():
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "prices.fods")
        cell = lambda value: f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>' if isinstance(value, (int, float)) else f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        row = lambda *cells: "<table:table-row>" + "".join(map(cell, cells)) + "</table:table-row>"
        date = '<table:table-cell office:value-type="date" office:date-value="2024-05-01" table:style-name="d"><text:p>2024-05-01</text:p></table:table-cell>'
        table = row("青屿市供水价格表") + row("用水类别", "单价", "施行日期") + "".join(f"<table:table-row>{cell(name)}{cell(price)}{date}</table:table-row>" for name, price in [("居民生活", 2.85), ("工商业", 4.1), ("特种行业", 16)])
        with open(source, "w", encoding="utf-8") as out:
            out.write(f'<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles><number:date-style style:name="n"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style><style:style style:name="d" style:family="table-cell" style:data-style-name="n"/></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="水价">{table}</table:table></office:spreadsheet></office:body></office:document>')
        for kind in ("xlsx", "xls", "ods"):
            subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", HERE, source], check=True, stdout=subprocess.DEVNULL)
    html = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta charset=utf-8><!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>岗位表</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--></head><body><table><tr><td>县</td><td>岗位</td></tr><tr><td>苇岸县</td><td>初中物理</td></tr></table></body></html>"
    write("page.xls", html.encode())


def slides():
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "talk.fodp")
        frame = lambda kind, y, text: f'<draw:frame presentation:class="{kind}" svg:width="20cm" svg:height="4cm" svg:x="2cm" svg:y="{y}cm"><draw:text-box>{"".join(f"<text:p>{line}</text:p>" for line in text)}</draw:text-box></draw:frame>'
        page = lambda name, title, lines: f'<draw:page draw:name="{name}" draw:master-page-name="m">{frame("title", 1, [title])}{frame("outline", 6, lines)}</draw:page>'
        with open(source, "w", encoding="utf-8") as out:
            out.write(f'<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation"><office:automatic-styles><style:page-layout style:name="p"/></office:automatic-styles><office:master-styles><style:master-page style:name="m" style:page-layout-name="p"/></office:master-styles><office:body><office:presentation>{page("1", "节水工作情况", ["全年节水五百万立方米", "漏损率下降"])}{page("2", "下一步打算", ["推进管网改造"])}</office:presentation></office:body></office:document>')
        for kind in ("pptx", "ppt", "odp"):
            subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", HERE, source], check=True, stdout=subprocess.DEVNULL)
    # LibreOffice's .ppt is large and mostly empty.
    with open(path("talk.ppt"), "rb") as file:
        write("talk.ppt.gz", gzip.compress(file.read(), mtime=0))
    os.remove(path("talk.ppt"))


def pdf(objects):
    """A PDF of numbered objects, the first of them the catalog."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, data in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + data + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def stream(data, entries=b""):
    data = data if isinstance(data, bytes) else data.encode()
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n" % (len(packed), entries) + packed + b"\nendstream"


def pdfs():
    # A font of a standard Chinese encoding, not embedded and without ToUnicode.
    font = [b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /%s /DescendantFonts [4 0 R] >>",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>"]

    def document(contents, encoding=b"GBK-EUC-H", resources=b"/Font << /F1 3 0 R >>"):
        pages = b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(contents)))
        objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(contents), pages), font[0] % encoding if b"%s" in font[0] else font[0], font[1]]
        for n, content in enumerate(contents):
            objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents %d 0 R >>" % (resources, 6 + 2 * n))
            objects.append(stream(content))
        return pdf(objects)

    def line(x, y, text, size=12, encoding="gbk"):
        return b"BT /F1 %d Tf 1 0 0 1 %d %d Tm <%s> Tj ET\n" % (size, x, y, text.encode(encoding).hex().encode())

    # Two columns of running text under a title, headers and page numbers.
    left = ["　　第一条　为了加强节约用", "水管理，提高用水效率，根据", "有关法律法规，结合本市实际", "情况，制定本办法。", "　　第二条　本市行政区域内", "的用水单位和个人，应当遵守", "本办法的各项规定和要求。"]
    right = ["　　第三条　市水务部门负责", "本市节约用水的监督管理，并", "会同有关部门编制节约用水规", "划，报市人民政府批准实施。", "　　第四条　用水单位应当建", "立用水台账，定期开展水平衡", "测试，不得弄虚作假和瞒报。"]
    page = b"".join([line(200, 740, "青屿市节约用水办法", 20)] + [line(60, 690 - 20 * n, text) for n, text in enumerate(left)] + [line(320, 690 - 20 * n, text) for n, text in enumerate(right)])
    second = b"".join(line(60, 700 - 20 * n, text) for n, text in enumerate(["　　第五条　违反本办法规定的，由市水务部门责令限期改正；逾期不改", "正的，处二千元以上二万元以下罚款。", "　　第六条　本办法自公布之日起施行。"]))
    furniture = lambda n: line(60, 800, "青屿市人民政府公报") + line(280, 40, f"— {n} —")
    write("columns.pdf", document([furniture(1) + page, furniture(2) + second, furniture(3) + line(60, 700, "附件：节水指标")]))
    write("utf16.pdf", document([line(60, 700, "青屿市节约用水办法", 20, "utf-16-be")], b"UniGB-UTF16-H"))
    # Glyph numbers of an unknown font: nobody can tell the characters.
    saved = font[:]
    font[1] = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Unknown /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>"
    write("garbled.pdf", document([line(60, 700, "青屿市节约用水办法第一条为了节约用水管理" * 2, 12, "utf-16-be")], b"Identity-H"))
    font[:] = saved
    # A picture of a page: grey noise is enough, nobody reads it here.
    picture = b"q 595 0 0 842 0 0 cm /Im1 Do Q"
    pixels = zlib.compress(bytes((x * y) % 251 for y in range(80) for x in range(60)))
    image = b"<< /Type /XObject /Subtype /Image /Width 60 /Height 80 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d /Filter /FlateDecode >>\nstream\n" % len(pixels) + pixels + b"\nendstream"
    write("scanned.pdf", pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 2 /Kids [4 0 R 6 0 R] >>", image,
                              b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /Im1 3 0 R >> >> /Contents 5 0 R >>", stream(picture),
                              b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /Im1 3 0 R >> >> /Contents 5 0 R >>"]))
    subprocess.run(["qpdf", "--encrypt", "secret", "owner", "256", "--", path("columns.pdf"), path("locked.pdf")], check=True)
    subprocess.run(["qpdf", "--encrypt", "", "owner", "256", "--", path("columns.pdf"), path("opened.pdf")], check=True)


def archives():
    inner = zipped([("里.txt", "第三条 内层压缩包里的文件。")])
    # Names as Windows in China writes them: GBK without a mark.
    raw = zipped([("AAAA/BBBB.txt", "第一条 压缩包里的通知。".encode("gbk")), ("CCCC.docx", open(path("box.docx"), "rb").read()), ("inner.zip", inner), ("AAAA/.hidden", "x")])
    raw = raw.replace(b"AAAA", "公文".encode("gbk")).replace(b"BBBB", "通知".encode("gbk")).replace(b"CCCC", "文件".encode("gbk"))
    write("members.zip", raw)
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "公文"))
        with open(os.path.join(folder, "公文", "通知.txt"), "w") as out:
            out.write("第一条 压缩包里的通知。")
        with open(os.path.join(folder, "说明.md"), "w") as out:
            out.write("# 说明\n\n第二条 另一个文件。")
        for name, extra in (("members.7z", []), ("locked.7z", ["-psecret"])):
            if os.path.exists(path(name)):
                os.remove(path(name))
            subprocess.run(["7z", "a", *extra, path(name), "公文", "说明.md"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        if os.path.exists(path("locked.zip")):
            os.remove(path("locked.zip"))
        subprocess.run(["7z", "a", "-psecret", path("locked.zip"), "公文"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name in ("公文/通知.txt", "说明.md"):
                info = tarfile.TarInfo(name)
                data = open(os.path.join(folder, name), "rb").read()
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        write("members.tar.gz", gzip.compress(tar.getvalue(), mtime=0))
    # A gigabyte of nothing, packed twice.
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo("zeros.txt", WHEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as member:
            for _ in range(1024):
                member.write(b"0" * (1 << 20))
    write("bomb.zip", zipped([("inner.zip", packed.getvalue())]))


def records():
    write("records.jsonl", '{"id": "a1", "标题": "关于节水的通知", "正文": "一、总体要求\\n节约用水。", "发文字号": "青水〔2024〕3号"}\n{"id": "a2", "标题": "关于供水的函", "正文": "请支持供水工作。"}\n'.encode())
    write("records.csv", "标题,正文,日期\r\n关于节水的通知,\"一、总体要求\n节约用水。\",2024-03-01\r\n关于供水的函,请支持供水工作。,2024-03-02\r\n".encode("gb18030"))
    write("table.csv", "用水类别,单价\r\n居民生活,2.85\r\n工商业,4.1\r\n".encode("gb18030"))
    write("founder.ceb", b"\x01\x02\x03Founder\x00\x05" * 40)


if __name__ == "__main__":
    for make in (notice, numbered, chunk, mail, ofd, sheets, slides, pdfs, archives, records):
        make()
        print(make.__name__)
