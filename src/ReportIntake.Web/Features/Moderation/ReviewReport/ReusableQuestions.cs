using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Moderation.ReviewReport;

/// <summary>A question that is asked often. It goes out in the reporter's language, whatever the moderator reads.</summary>
public sealed record ReusableQuestion(string Code, LocalText Text);

public static class ReusableQuestions
{
    public static readonly IReadOnlyList<ReusableQuestion> All =
    [
        new("account", new LocalText(
            "Terima kasih sudah melapor. Boleh tahu nama akun atau tautannya, dan di aplikasi apa? Nama akun saja sudah cukup; tidak perlu mengambil gambar.",
            "Thank you for reporting. Could you tell us the account name or link, and in which app? The name is enough; no screenshot is needed.")),
        new("place", new LocalText(
            "Terima kasih sudah melapor. Apakah Anda tahu di kota atau daerah mana ini terjadi, atau tempat yang disebut? Perkiraan pun membantu.",
            "Thank you for reporting. Do you know in which city or area this happens, or a place that was named? A guess helps too.")),
        new("time", new LocalText(
            "Terima kasih sudah melapor. Kapan ini terjadi, dan apakah masih berlangsung? Apakah ada pertemuan yang direncanakan?",
            "Thank you for reporting. When did this happen, and does it still go on? Is a meeting planned?")),
        new("age", new LocalText(
            "Terima kasih sudah melapor. Apa yang membuat Anda mengira korbannya masih anak? Misalnya sekolah, usia yang disebut, atau ciri lain. Jangan mencari tahu sendiri jika berbahaya.",
            "Thank you for reporting. What makes you think that the victim is a child? For example school, an age that was named, or other signs. Do not look into it yourself if that is dangerous.")),
        new("safety", new LocalText(
            "Terima kasih sudah melapor. Apakah Anda atau anak itu sedang dalam bahaya sekarang? Jika ya, hubungi 110 atau SAPA 129 lebih dulu, lalu kabari kami di sini.",
            "Thank you for reporting. Are you or the child in danger now? If so, call 110 or SAPA 129 first, then tell us here.")),
    ];
}
