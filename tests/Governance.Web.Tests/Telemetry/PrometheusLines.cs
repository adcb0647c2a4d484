using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Governance.Web.Tests.Telemetry;

/// <summary>Reads Prometheus' text format strictly: whatever is no comment must be a sample, and whatever is a sample has a type before it.</summary>
internal sealed partial class PrometheusLines
{
    private readonly List<(string Name, IReadOnlyDictionary<string, string> Labels, decimal Value)> _samples = [];

    public static PrometheusLines Parse(string text)
    {
        var (lines, types) = (new PrometheusLines(), new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal)) continue;
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                Assert.Contains(parts[3], (string[])["counter", "gauge", "histogram"]);
                Assert.True(types.TryAdd(parts[2], parts[3]), $"{parts[2]} has its type twice.");
                continue;
            }

            var match = Sample().Match(line);
            Assert.True(match.Success, line);
            var name = match.Groups["name"].Value;
            Assert.True(types.ContainsKey(name) || types.GetValueOrDefault(Suffix().Replace(name, "")) == "histogram", $"{name} has no type.");
            var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => Unescape(label.Groups["value"].Value), StringComparer.Ordinal);
            lines._samples.Add((name, labels, decimal.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture)));
        }

        return lines;
    }

    public IEnumerable<string> LabelValues => _samples.SelectMany(sample => sample.Labels.Values);

    public bool Has(string name) => _samples.Exists(sample => sample.Name == name);

    /// <summary>The sum over the series that have a label.</summary>
    public decimal Sum(string name, string? label = null, string? value = null) => _samples
        .Where(sample => sample.Name == name && (label is null || sample.Labels.GetValueOrDefault(label) == value)).Sum(sample => sample.Value);

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++) plain.Append(text[i] == '\\' ? text[++i] == 'n' ? '\n' : text[i] : text[i]);
        return plain.ToString();
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="(\\[\\"n]|[^\\"\n])*",?)*)\})? (?<value>[-+0-9.eE]+)$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(\\[\\"n]|[^\\"\n])*)",?""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();
}
