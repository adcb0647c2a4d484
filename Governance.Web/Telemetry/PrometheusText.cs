using System.Globalization;
using System.Text;

namespace Governance.Web.Telemetry;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), with the names that OpenTelemetry's
/// compatibility rules give them (opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics).
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families, Func<IReadOnlyList<KeyValuePair<string, string>>, bool> isSeen)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            var series = family.Series.Where(series => isSeen(series.Labels)).ToList();
            if (series.Count == 0) continue;
            var name = NameOf(family);
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Description ?? "")).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
            foreach (var one in series) WriteSeries(text, name, family.Kind, one);
        }

        return text.ToString();
    }

    /// <summary><c>gen_ai.client.operation.duration</c> in seconds as <c>gen_ai_client_operation_duration_seconds</c>.</summary>
    internal static string NameOf(MetricFamily family)
    {
        var name = LabelOf(family.Name);
        var unit = family.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "", // {call} and the like only annotate.
        };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return IsCounter(family.Kind) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static void WriteSeries(StringBuilder text, string name, MetricKind kind, MetricSeries series)
    {
        if (kind != MetricKind.Histogram)
        {
            WriteLine(text, name, series.Labels, null, Number(series.Value));
            return;
        }

        foreach (var (bound, count) in series.Cumulative())
            WriteLine(text, name + "_bucket", series.Labels, bound.ToString("R", CultureInfo.InvariantCulture), Number(count));
        WriteLine(text, name + "_bucket", series.Labels, "+Inf", Number(series.Count));
        WriteLine(text, name + "_sum", series.Labels, null, Number(series.Value));
        WriteLine(text, name + "_count", series.Labels, null, Number(series.Count));
    }

    private static void WriteLine(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, string value)
    {
        text.Append(name);
        if (labels.Count > 0 || bound is not null)
        {
            var written = labels.Select(label => $"{LabelOf(label.Key)}=\"{EscapeLabel(label.Value)}\"");
            text.Append('{').AppendJoin(',', bound is null ? written : written.Append($"le=\"{bound}\"")).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static string Number(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private static string TypeOf(MetricKind kind) => IsCounter(kind) ? "counter" : kind == MetricKind.Histogram ? "histogram" : "gauge";

    private static bool IsCounter(MetricKind kind) => kind is MetricKind.Counter or MetricKind.ObservedCounter;

    private static string LabelOf(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return safe.Length == 0 || char.IsAsciiDigit(safe[0]) ? "_" + safe : safe;
    }

    private static string EscapeLabel(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string EscapeHelp(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
