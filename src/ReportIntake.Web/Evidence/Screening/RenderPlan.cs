namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// How to make the copies of one file. The script reads the file from standard input and writes frames to standard output,
/// each a line <c>name length</c> and that many bytes: <c>metadata_sheet</c> (before any decoder runs), then <c>info</c>
/// (lines <c>key=value</c>), <c>thumbnail</c>, <c>contact_sheet</c>, <c>working_copy</c>, <c>pixels</c>; these after the last
/// decoder has ended well.
/// </summary>
internal sealed record RenderPlan(
    string Script,
    IReadOnlyList<string> Arguments,
    SandboxLimits Limits,
    string WorkingCopyType,
    long MaxWorkingCopySize)
{
    internal const int ExitUndecodable = 65;
    internal const int ExitTooManyPixels = 66;
    internal const int ExitCpuSpent = 67;

    /// <summary>
    /// What every script starts with. Tools are silent: their messages quote the file's own metadata. A tool that is missing
    /// is this machine's fault and must not look like a verdict on the file; one that was killed had used up its CPU time.
    /// </summary>
    internal const string Prelude = """
        exec 2>/dev/null
        refuse() { case "$1" in 126|127) exit 126 ;; 137|152) exit 67 ;; *) exit 65 ;; esac; }
        emit() { if [ -s "$2" ]; then printf '%s %s\n' "$1" "$(stat -c %s "$2")" && cat "$2" || exit 81; fi; }
        cat > in || exit 80

        """;
}
