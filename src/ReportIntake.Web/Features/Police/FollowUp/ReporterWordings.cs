using System.Globalization;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>A sentence of the police to a reporter that harms nobody who reads it over the reporter's shoulder, in the reporter's language.</summary>
public sealed record ReporterWording(string Code, LocalText Text)
{
    public string For(Report report) => Text.In(CultureInfo.GetCultureInfo(report.Language));
}

/// <summary>What the police may tell a reporter without a moderator's reading it first: no facts of the case, no names, no blame.</summary>
public static class ReporterWordings
{
    public static readonly IReadOnlyList<ReporterWording> All =
    [
        new("working_on_it", new LocalText(
            "Kami masih menangani hal ini. Terima kasih sudah memberi tahu.",
            "We are still working on this. Thank you for telling us.")),
        new("you_may_be_contacted", new LocalText(
            "Petugas mungkin ingin berbicara denganmu. Tulis di sini kapan dan bagaimana menghubungimu dengan aman, kalau kamu mau.",
            "An officer may want to talk to you. If you like, write here when and how you can be reached safely.")),
        new("keep_the_evidence", new LocalText(
            "Kalau aman, jangan hapus percakapan atau akun yang terkait. Kamu tidak perlu mencari atau menyimpan hal baru.",
            "If it is safe, do not delete conversations or accounts that belong to this. You need not look for or keep anything new.")),
        new("do_not_approach", new LocalText(
            "Demi keselamatanmu, jangan menghubungi atau menemui orang yang dilaporkan.",
            "For your safety, do not contact or meet the person you reported.")),
        new("get_help", new LocalText(
            "Kalau kamu atau seseorang sedang dalam bahaya, hubungi 110. Untuk perempuan dan anak, SAPA 129 siap membantu.",
            "If you or somebody else is in danger, call 110. For women and children, SAPA 129 is there to help.")),
        new("need_nothing_more", new LocalText(
            "Untuk saat ini kami tidak memerlukan keterangan tambahan darimu.",
            "For now we need nothing more from you.")),
    ];

    public static ReporterWording? Find(string? code) => All.FirstOrDefault(w => w.Code == code);
}
