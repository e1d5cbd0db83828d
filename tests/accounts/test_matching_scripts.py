"""Names in other scripts: how they are read, and what they may be in Latin letters."""

import pytest

from app.accounts.matching import Decision, Party, compare, normalise
from app.accounts.matching.data import rows
from app.accounts.matching.east_asian import romanised


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ソニー", "soni"),
        ("キャノン", "kyanon"),
        ("シャチョウ", "shachou"),
        ("ジョンソン", "jonson"),
        ("ロッテ", "rotte"),
        ("ファミリー", "famiri"),
        ("ヴィトン", "viton"),
        ("ティファニー", "tifani"),
        ("みずほ", "mizuho"),
        ("삼성", "samseong"),
        ("롯데", "rotde"),
        ("포스코", "poseuko"),
        ("华为", "huawei"),
        ("万科", "wanke"),
        ("萬科", "wanke"),
        ("广汽", "guangqi"),
    ],
)
def test_words_are_read_letter_by_letter(written, read):
    assert romanised(written).strip() == read


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("トヨタ自動車", "toyota motor"),
        ("みずほ銀行", "mizuho bank"),
        ("SK텔레콤", "sk telecom"),
        ("上海汽车集团", "shanghai automobile group"),
        ("ABC商事", "abc shangshi"),
    ],
)
def test_words_without_spaces_are_set_apart(written, words):
    assert normalise(written).core == words


@pytest.mark.parametrize("table", ["east_asian.csv", "east_asian_names.csv"])
def test_no_word_is_in_a_table_twice(table):
    written = [word for row in rows(table) for word in row["written"].split("|")]

    assert len(written) == len(set(written))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("パナソニック株式会社", "Panasonic Corporation"),
        ("ブリヂストン", "Bridgestone"),
        ("ソフトバンク株式会社", "SoftBank Corp."),
        ("현대중공업 주식회사", "Hyundai Heavy Industries Co., Ltd."),
        ("삼성전자", "Samsung Electronics"),
        ("삼성전자", "Samseong Jeonja"),
        ("华为技术有限公司", "Huawei Jishu Youxian Gongsi"),
        ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
        ("中国建设银行", "China Construction Bank"),
        ("万科企业股份有限公司", "萬科企業股份有限公司"),
        ("Майкрософт", "Microsoft LLC"),
        ("Щёлково Агрохим", "Schelkovo Agrohim"),
        ("بنك مصر", "Bank Misr"),
        ('שטראוס גרופ בע"מ', "Strauss Group Ltd."),
    ],
)
def test_a_name_is_the_latin_one_that_is_heard_in_it(left, right):
    assert compare(Party(left), Party(right)).decision is Decision.SAME
    assert compare(Party(right), Party(left)).decision is Decision.SAME


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ヤマハ株式会社", "Yamada Corporation"),
        ("みずほ銀行", "Mizuho Securities"),
        ("中信银行", "中兴银行"),
        ("삼성화재", "삼성증권"),
        ("三菱電機", "Mitsubishi Heavy Industries"),
        ("中国移动", "China Telecom"),
        ("بنك مصر", "Bank Dubai"),
        ("Вектор", "Виктория Банк"),
    ],
)
def test_a_name_is_no_other_one(left, right):
    assert compare(Party(left), Party(right)).decision is not Decision.SAME
    assert compare(Party(right), Party(left)).decision is not Decision.SAME
