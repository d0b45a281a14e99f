using System.Globalization;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Benchmarks;

/// <summary>Made-up facts with the spread of real ones: a few accounts are named often, most once; a few texts are copied, most are somebody's own.</summary>
internal sealed class SeedWords(Random random, int reports)
{
    /// <summary>Accounts that many name. How many reports name one grows with all, as it would.</summary>
    private const int Notorious = 200;

    private static readonly (string Code, bool ChildSafety)[] Categories =
    [
        ("child_sexual_exploitation", true), ("child_abuse_material", true), ("online_prostitution", false), ("trafficking", false), ("online_enticement", true), ("sextortion", true),
        ("online_fraud", false), ("online_fraud", false), ("extortion", false), ("online_gambling", false), ("online_gambling", false), ("threats", false), ("other", false),
    ];

    private static readonly string[] Platforms = ["michat", "facebook", "instagram", "telegram", "x", "tiktok"];
    private static readonly string?[] Areas = ["31.71", "31.73", "32.73", "32.74", "33.74", "34.71", "35.78", "36.71", "51.71", "73.71", "91.71", null];
    private static readonly string[] Names = ["manis", "cantik", "sayang", "bunga", "melati", "mawar", "putri", "dewi", "intan", "permata", "bintang", "cahaya", "rindu", "cinta", "kasih", "jelita", "ayu", "indah", "sari", "wulan"];

    private static readonly string[] Vocabulary =
        """
        akun pesan pribadi pembayaran transfer hotel stasiun terminal pelabuhan kos apartemen sekolah murid teman tetangga keponakan kakak adik ibu bapak guru supir agen model pekerjaan
        luar kota bulan minggu malam siang pagi besok kemarin foto video gambar status cerita grup kanal tautan nomor telepon rekening dompet harga tarif jasa layanan pelanggan tamu jemput
        antar ojek mobil motor jalan gang warung kafe mal pasar taman pantai gunung desa kelurahan kecamatan kabupaten provinsi jakarta bandung surabaya medan makassar semarang denpasar batam
        menawarkan menjual membeli mengirim meminta memaksa mengancam menyebarkan menyimpan merekam menghubungi mengajak membujuk menjanjikan menipu menagih membawa menahan menyekap melihat mendengar
        takut sedih menangis marah bingung curiga yakin khawatir sendiri ramai sepi gelap terang kecil besar muda tua baru lama cepat lambat mahal murah gratis palsu asli
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public ReportFacts Facts()
    {
        var (category, childSafety) = Categories[random.Next(Categories.Length)];
        return new ReportFacts
        {
            Category = category,
            ChildSafety = childSafety,
            Description = Description(),
            Stage = random.Next(3) == 0 ? "advertising" : null,
            Incident = new Incident(AreaCode: Areas[random.Next(Areas.Length)], Ongoing: random.Next(2) == 0, Place: random.Next(3) == 0 ? Words(3) : null),
            Victim = new Victim(random.Next(3) == 0 ? AgeBand.From13To17 : AgeBand.Unknown),
            Subjects = [Subject()],
        };
    }

    public Assessment Assessment(ReportFacts facts, DateTimeOffset at)
    {
        var tier = random.Next(20) == 0 ? Tier.Immediate : facts.ChildSafety ? Tier.Urgent : Tier.NonUrgent;
        return new Assessment(tier, "2026-11-1", tier is Tier.NonUrgent ? [] : [new RuleHit(tier is Tier.Immediate ? "I2" : "U6", tier, new Dictionary<string, string> { ["ageBand"] = facts.Victim.AgeBand.ToString() })], at);
    }

    /// <summary>The handle with this number; each has one.</summary>
    public static string Handle(int account) =>
        string.Create(CultureInfo.InvariantCulture, $"{Names[account % Names.Length]}{Names[account / Names.Length % Names.Length]}_{account}");

    private Subject Subject()
    {
        var account = random.Next(10) == 0 ? random.Next(Notorious) : random.Next(reports);
        var phone = random.Next(4) == 0 ? string.Create(CultureInfo.InvariantCulture, $"08{12 + random.Next(40)}{10_000_000 + random.Next(80_000_000)}") : null;
        return new Subject(Platforms[account % Platforms.Length], Handle(account), null, phone, null);
    }

    /// <summary>One in two hundred copies one of a few texts.</summary>
    private string Description()
    {
        if (random.Next(200) != 0)
        {
            return Words(random.Next(8, 40));
        }

        var copied = new Random(random.Next(1 + (reports / 2000)));
        return string.Join(' ', Enumerable.Range(0, 25).Select(_ => Vocabulary[copied.Next(Vocabulary.Length)]));
    }

    /// <summary>Common words and, now and then, a rare one, as names and places are.</summary>
    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count)
        .Select(_ => random.Next(12) == 0 ? $"{Names[random.Next(Names.Length)]}{(char)('a' + random.Next(26))}{(char)('a' + random.Next(26))}" : Vocabulary[random.Next(Vocabulary.Length)]));
}
