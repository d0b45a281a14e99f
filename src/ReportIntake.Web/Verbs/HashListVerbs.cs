using System.CommandLine;
using ReportIntake.Domain;
using ReportIntake.Web.Features.Administration.HashLists;

namespace ReportIntake.Web.Verbs;

/// <summary><c>hash-lists …</c></summary>
internal static class HashListVerbs
{
    public static Command Group(IServiceProvider services) => new("hash-lists", "Lists of known files") { Import(services) };

    private static Command Import(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV with a header line, or JSON when its name ends in .json" };
        var name = new Option<string?>("--name") { Description = "The list's name, where the file does not say it" };
        var meaning = new Option<string?>("--meaning") { Description = "known_abuse_material or known_benign, where the file does not say it" };
        var source = new Option<string?>("--source") { Description = "Who gave it, where the file does not say it" };
        var import = new Command("import", "Adds the hashes of a file to hash lists; what is there already stays as it is.") { file, name, meaning, source };
        import.SetAction(async (parsed, cancellationToken) =>
        {
            await using var content = parsed.GetRequiredValue(file).OpenRead();
            var format = Path.GetExtension(content.Name).Equals(".json", StringComparison.OrdinalIgnoreCase) ? HashListFormat.Json : HashListFormat.Csv;
            var command = new ImportHashList.Command(content, format, parsed.GetValue(name), parsed.GetValue(meaning), parsed.GetValue(source), Actor.System);
            var result = await VerbAnswer.SendAsync(services, command, cancellationToken);
            if (result.IsSuccess)
            {
                VerbAnswer.Print(result.Value);
            }

            return VerbAnswer.Exit(result.Error);
        });
        return import;
    }
}
