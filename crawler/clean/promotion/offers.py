"""OFFERS: appeals to come nearer than reading, as rows of the table of appeals.

To scan a code, join a circle, ask for advice, write for the account or subscribe to it.
"""

from __future__ import annotations

from crawler.clean.promotion.phrases import ACTS, LONGER, MARKS, SERVES, TELLS, Appeal

OFFERS = (
    Appeal(
        id="code",
        pattern=rf"{SERVES}{TELLS}{MARKS}(?:.{{0,24}}(?:请|可|欢迎|[,.、!:↓]|更多|用户|微信))?(?:直接|立即|以?通过|[:,])?"
        rf"(?:(?:长按|扫描?|扫一?扫|识别|戳).{{0,10}}(?:二维码|[上下左右]方.{{0,4}}(?:码|图片|名片)|下面.{{0,4}}(?:码|图片|名片)|名片)"
        rf"(?:{MARKS}|.{{0,16}}{ACTS}.{{0,30}})|扫码.{{0,6}}{ACTS}.{{0,30}}){MARKS}",
        matches=(
            "长按识别二维码",
            "识别下方二维码加入星球",
            "获取更多资讯,请扫描下方二维码",
            "扫描二维码,了解更多",
            "扫码加微",
            "完整资料已上传某某星球,识别下方二维码加入即可下载。",
        ),
        spares=(
            "扫描下方二维码报名参会",
            "攻击者诱导受害者扫描二维码后窃取其账号口令,并转走资金",
            "扫描端口",
            "居民进门前须扫描健康码。",
            "机器人学会了识别图片。",
            "模型可以识别条形码,也能查看库存。",
            "老人们最怕扫码。",
            "扫描二维码查询成绩",
            "到场参会请扫描右方二维码",
            "别的岗位可扫描下方二维码了解更多",
        ),
        evidence="4.2 % of articles ended in a call to scan a code",
        shows_code=True,
    ),
    Appeal(
        id="consult",
        pattern=rf"{SERVES}{MARKS}(?:欢迎|点此|点击|扫码){{1,3}}(?:在线)?.{{0,4}}咨询(?!台).{{0,16}}{MARKS}|请咨询.{{2,12}}安全专家",
        matches=("欢迎扫码咨询某某安全专家", "点此电话咨询", "请咨询某某安全专家"),
        spares=(
            "某咨询公司发布了报告",
            "用户可以咨询",
            "请客户经理提供咨询服务方案和报价的全部明细,以便比较",
            "请咨询您的主治医生。",
            "请咨询儿科专家。",
            "可咨询12345热线",
        ),
        evidence="the call before a code, in articles that sell a service",
        shows_code=True,
    ),
    Appeal(
        id="contribute",
        pattern=rf"{MARKS}(?:(?:欢迎|长期|诚邀|期待|接受).{{0,16}})?(?:投稿|征稿|约稿|供稿(?=邮箱|信箱|热线|微信))"
        rf"(?:(?:邮箱|信箱|热线|方式|联系|微信|合作|请){{0,2}}(?:[:|至到](?=.{{0,50}}(?:@|\d{{4}}|[a-z]{{4}}|邮箱|微信)).{{0,50}}|{MARKS})|(?:联系|合作)?(?:请|可|欢迎).{{0,40}})",
        matches=("投稿邮箱:a@example.com", "欢迎投稿", "投稿请联系小编", "长期征稿:a@example.com"),
        spares=(
            "该论文于三月投稿,五月被录用",
            "张三投稿的研究论文介绍了一种方法",
            "五、投稿方式",
            "投稿:张三",
            "投稿须知",
            "(大会主办方供稿)",
        ),
        evidence="2.7 % of articles ended in an address for contributions",
        subject="征文|征稿|来稿|截稿|投稿",
    ),
    Appeal(
        id="circle",
        pattern=rf"(?!.{{0,90}}(?:受害|诈骗|诱导|攻击者)){TELLS}(?:{MARKS}|.{{0,40}}(?:欢迎|扫|识别|长按|请|备注|优惠|福利|"
        r"邀请|拉你|感兴趣|点击|可以|立即|快来).{0,24})"
        r"(?:加入|进入|添加).{0,16}(?:(?<![颗色])星球(?![的表轨大])|交流群|读者群|粉丝群|技术群|社群|微信群|"
        r"qq群|学习群|讨论群|(?<!这个)大家庭).{0,30}"
        r"|欢迎(?:进群|入群|加群|加入社区).{0,10}",
        matches=(
            "欢迎加入我们的知识星球",
            "加入读者群",
            "扫码备注加群,邀请您加入交流群",
            "欢迎进群",
        ),
        spares=(
            "受害人被诱导加入微信群后转账",
            "该组织加入了全球联盟",
            "一九八三年,李师傅加入了这个大家庭,一干就是二十年。",
            "如今全村都加入了微信群,谁家有事喊一声就行。",
            "可以进入那颗蓝色星球的轨道。",
        ),
        evidence="2.2 % of articles ended so after all that repeats was taken",
        shows_code=True,
    ),
    Appeal(
        id="contact",
        pattern=rf"{MARKS}(?:请?添加|加)(?:.{{0,8}})(?:小助手|客服|管理员(?=微信|号|二维码))(?:微信)?(?:号|二维码)?{MARKS}(?:[:|].{{0,40}}|(?:咨询|了解|进群).{{0,24}})?"
        rf"|{MARKS}请?联系.{{0,8}}(?:(?:小助手|客服)(?:微信|二维码|[:|]|咨询|了解|进群)|管理员(?:微信|二维码|进群)).{{0,40}}"
        rf"|{MARKS}contact(?:me|us)[:].{{4,50}}|.{{0,4}}欢迎.{{0,10}}加(?:我|小编|笔者)(?:的)?微信.{{0,60}}"
        rf"|{MARKS}.{{0,8}}(?:商务合作|合作(?:邮箱|热线|微信)|(?:征订|订阅|应急响应)(?:热线|电话)|微信(?:公众)?号|新浪微博|官方微博)(?:账号|微信号?|电话|邮箱)?[:|].{{0,60}}",
        matches=(
            "微信号:abc123",
            "商务合作:a@example.com",
            "添加管理员微信号:abc",
            "征订热线:000-12345678",
            "Contact me: a#example.com",
            "欢迎师傅加我微信,一起交流",
        ),
        spares=(
            "攻击者冒充客服",
            "攻击者伪装成管理员之后横向移动到域控制器,并窃取了全部凭据,最终删除了日志和所有的备份数据",
            "联系电话:13800000000(王女士)",
            "咨询电话:000-12345678",
            "请联系管理员。",
            "添加管理员:sudo usermod -aG wheel tom",
        ),
        evidence="how to reach the account, in 7 of 134 accounts beside its code or alone",
        shows_code=True,
    ),
    Appeal(
        id="invitation",
        pattern=rf"(?!.{{0,220}}(?:受害|诈骗|诱导|攻击者|简历|投递|报名|比赛|赛事|大会|会议)){TELLS}"
        r"(?:.{0,60}(?:感兴趣|长期主义|想要?|"
        r"欢迎|可以|快来|[!~]).{0,30})?(?:欢迎|可以?|邀请|拉).{0,8}(?:加入|进入?).{0,24}(?:(?<![颗色])星球(?![的表轨大])|(?:微信|交流|读者|粉丝|学习|专业|讨论|会员|技术|qq)群|社群)"
        r".{0,160}",
        matches=(
            (
                "欢迎你加入我的知识星球,我们一起聊聊创业、产品、运营、阅读。微信识别二维码,付费即可加入,如不满意,"
                "三天内可在App内无条件自助退款。"
            ),
            "对某某分析感兴趣的,可以加入笔者的专业群,一起共同分析和研究。",
        ),
        spares=(
            "欢迎你来到某某大会",
            "攻击者可以加入微信群,随后在群里散布带有恶意代码的文件,诱导群成员打开并运行",
            "想看候鸟的人,可以在十月进入湿地,远远望见鹤群起飞。",
            "可以进入社区医院就诊,报销比例更高。",
        ),
        evidence="the paid circles of 6 of 60 accounts, in 100 to 210 characters",
        shows_code=True,
        longest=LONGER,
    ),
    Appeal(
        id="subscription",
        pattern=rf"{MARKS}邮发代号[:]?[\d-]{{3,9}}{MARKS}|{MARKS}(?:征订|订阅|订刊)(?:热线|电话)[:][\d\-—()/、]{{7,40}}",
        matches=("邮发代号 2-786", "征订热线:000-12345678"),
        spares=("邮发代号是什么", "订阅电话会议"),
        evidence="how a magazine is subscribed to, at the head of 7 of 7 articles of one account",
        opens=True,
    ),
    Appeal(
        id="recruits",
        pattern=rf"{SERVES}(?!.{{0,60}}(?:志愿|义工|\d[月日])){MARKS}.{{0,12}}(?:(?:招新|纳新)[|:丨,!]|"
        r"(?:招新|招募|纳新)(?:小广告|令|队友)).{0,40}",
        matches=("招新|某某战队邀请你加入", "招新小广告", "某某招募队友-ing"),
        spares=(
            "招新工作已经结束",
            "某公司招聘安全工程师",
            "志愿者招募:12月1日起,到居委会登记。",
            "某情报机构的招募:策略与技巧",
        ),
        evidence="a team's standing call for members under its write-ups, in 3 of 134 accounts",
        shows_code=False,
    ),
)
