using System.Text.Json;

namespace Governance.Testing.Audit;

/// <summary>What the offline verifier said.</summary>
/// <param name="ExitCode">0 all is well, 1 a verdict failed, 2 it could not be read.</param>
/// <param name="Text">All of it.</param>
/// <param name="Findings">What is wrong, by the verdict that failed.</param>
public sealed record VerifierReport(int ExitCode, string Text, IReadOnlyList<VerifierFinding> Findings)
{
    /// <summary>The verdicts that failed, in the verifier's order.</summary>
    public IEnumerable<string> Failed => Findings.Select(finding => finding.Verdict).Distinct();

    /// <summary>The test fails unless every verdict was good.</summary>
    public VerifierReport MustPass() => ExitCode == 0 && Findings.Count == 0 ? this : throw new InvalidOperationException($"The verifier ended with {ExitCode}:\n{Text}");

    /// <summary>The test fails unless these verdicts and no others failed.</summary>
    public VerifierReport MustFail(params string[] verdicts) =>
        ExitCode == 1 && Failed.SequenceEqual(verdicts)
            ? this
            : throw new InvalidOperationException($"The verifier ended with {ExitCode} and not with 1 for {string.Join(", ", verdicts)}:\n{Text}");

    /// <summary>The test fails unless one of the findings has this text, and, where one is given, is about this entry.</summary>
    public VerifierReport MustName(string text, long? index = null) =>
        Findings.Any(finding => finding.ToString().Contains(text, StringComparison.Ordinal) && (index is null || finding.Index == index))
            ? this
            : throw new InvalidOperationException($"The verifier does not say “{text}”{(index is null ? "" : $" of entry {index}")}:\n{Text}");

    internal static VerifierReport Read(int exitCode, string output, string error) =>
        new(exitCode, output + error, exitCode is 0 or 1 ? [.. FindingsOf(JsonDocument.Parse(output).RootElement)] : []);

    private static IEnumerable<VerifierFinding> FindingsOf(JsonElement report) =>
        from verdict in report.GetProperty("verdicts").EnumerateArray()
        from finding in verdict.GetProperty("findings").EnumerateArray()
        select new VerifierFinding(
            verdict.GetProperty("name").GetString()!,
            finding.GetProperty("problem").GetString()!,
            finding.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number ? index.GetInt64() : null,
            finding.TryGetProperty("id", out var id) ? id.ToString() : null,
            finding.TryGetProperty("expected", out var expected) ? expected.ToString() : null,
            finding.TryGetProperty("found", out var found) ? found.ToString() : null);
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Verdict">Which verdict fails for it.</param>
/// <param name="Problem">What.</param>
/// <param name="Index">Of which entry.</param>
/// <param name="Id">The entry's id.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is.</param>
public sealed record VerifierFinding(string Verdict, string Problem, long? Index, string? Id, string? Expected, string? Found)
{
    public override string ToString() => $"{Id}: {Problem}; expected {Expected}, found {Found}";
}
