"""What people say on such a day. Nothing here names anybody: names come from the archive."""

from collections.abc import Mapping, Sequence

FAULTS: Mapping[str | None, Sequence[str]] = {
    "software": (
        "系统无法登录，页面提示数据库连接超时",
        "保存单据时报错，数据没有写入",
        "首页打开很慢，部分栏目返回 502",
        "Reports come out empty since the night",
    ),
    "network": (
        "核心交换机反复重启，网络中断",
        "端口大量丢包，专线时断时续",
        "路由器电源告警，备用电源不工作",
        "Uplink flaps every few minutes",
    ),
    "lighting": (
        "广场南侧整排灯不亮",
        "灯光控制器离线，定时不起作用",
        "三号灯杆闪烁，雨后更严重",
    ),
    None: (
        "服务器无法启动，硬盘灯全红",
        "设备频繁死机，业务停用",
        "自助终端触摸屏没有反应",
        "存储阵列一块硬盘告警",
        "Device beeps and does not boot",
    ),
}
REQUESTS: Mapping[str, Sequence[str]] = {
    "question": ("请问如何导出上月的报表", "咨询保修期何时到期", "How do we add a user?"),
    "service_request": ("申请开通两个新账号", "请安排设备搬迁", "请协助调整网络配置"),
    "complaint": ("投诉：同一故障三次仍未解决", "投诉：约好的时间没有人来"),
    "maintenance": ("申请季度例行维护", "请安排设备除尘保养"),
    "upgrade": ("申请系统升级到新版本",),
    "suggestion": ("建议增加短信提醒功能",),
}
DETAILS = (
    "今天上班时发现，已经断电重启过一次，没有效果。",
    "窗口业务受影响，请尽快安排工程师。",
    "昨天下午开始偶尔出现，今天完全不能使用。",
    "现场联系：值班室，请携带证件登记。",
)
FOLLOW_UPS = (
    "请问什么时候到？",
    "补充：又有两台设备出现同样的问题。",
    "已经准备好备份，可以开始处理。",
)
FINDINGS = (
    "电源模块损坏",
    "数据库连接池耗尽",
    "接头进水氧化",
    "磁盘阵列缓存电池失效",
    "配置被误改",
)
ACTIONS = ("更换模块并测试两小时", "重启服务并调整参数", "更换备件，恢复配置", "清理并重新固定接头")
PREVENTIONS = ("列入月度巡检", "增加监控告警", "雨季前复查密封")
PLACES = ("机房", "弱电间", "值班室")
TECHNIQUES = ("断电前先导出配置", "带载测量后再更换", "对照拓扑逐段排查")
DECLINES = ("正在另一现场，赶不过去", "没有该型号的维修资质", "未应答")
EXTRAS = ("顺便迁移两台旧设备", "增配一组备用电源", "为新楼层布线")
OUTAGES = ("整片区域断线", "全区设备同时离线", "The whole area went down at once")
WITHDRAWALS = ("自行恢复，不需要处理", "重复报修")
SEVERITY_REASONS = ("影响范围扩大", "客户确认影响较小", "电话核实后调整")
CONDITIONS = ("完好", "外壳有划痕，功能正常")
MEASURES = ("部门经理回访致歉，复查处理过程", "安排资深工程师复检")
SUGGESTIONS = ("希望响应再快一些", "工程师很专业", None, None)
