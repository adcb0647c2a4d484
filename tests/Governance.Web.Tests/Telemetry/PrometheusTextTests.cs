using Governance.Web.Telemetry;

namespace Governance.Web.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Write_LabelsWithEverySpecialCharacter_AreReadBackAsTheyWere()
    {
        const string odd = "a\"b\\c\nd{e}=,é";
        var family = new MetricFamily("some.thing", null, "First\nsecond \\ third", MetricKind.Counter, null);
        family.Find([new("odd.label", odd)], 10)!.Add(3);

        var text = PrometheusText.Write([family], _ => true);

        Assert.Equal(["# HELP some_thing_total First\\nsecond \\\\ third", "# TYPE some_thing_total counter"], text.Split('\n')[..2]);
        Assert.Equal(3, PrometheusLines.Parse(text).Sum("some_thing_total", "odd_label", odd));
    }

    [Fact]
    public void Write_Histogram_CountsWhatLiesAtOrBelowEachBound()
    {
        var family = new MetricFamily("wait", "s", null, MetricKind.Histogram, [0.5, 1, 2]);
        foreach (var value in new[] { 0.5m, 0.6m, 1m, 5m }) family.Find([], 10)!.Record(value);

        var lines = PrometheusLines.Parse(PrometheusText.Write([family], _ => true));

        decimal[] buckets = [.. new[] { "0.5", "1", "2", "+Inf" }.Select(bound => lines.Sum("wait_seconds_bucket", "le", bound))];
        Assert.Equal([1, 3, 3, 4], buckets);
        Assert.Equal((7.1m, 4m), (lines.Sum("wait_seconds_sum"), lines.Sum("wait_seconds_count")));
    }

    [Fact]
    public void Find_MoreSeriesThanAllowed_IsNone()
    {
        var family = new MetricFamily("calls", null, null, MetricKind.Counter, null);
        Assert.NotNull(family.Find([new("a", "1")], 2));
        Assert.NotNull(family.Find([new("a", "2")], 2));
        Assert.Null(family.Find([new("a", "3")], 2));
        Assert.NotNull(family.Find([new("a", "1")], 2));
    }

    [Fact]
    public void Find_SameTagsInAnotherOrder_IsTheSameSeries()
    {
        var family = new MetricFamily("calls", null, null, MetricKind.Counter, null);
        var series = family.Find([new("a", "1"), new("b", 2), new("c", null)], 10);
        Assert.Same(series, family.Find([new("b", 2), new("a", "1")], 10));
        Assert.NotSame(series, family.Find([new("b", 1), new("a", "2")], 10));
        Assert.NotSame(series, family.Find([new("a", "1")], 10));
        Assert.NotSame(series, family.Find([new("a", "1"), new("b", 2), new("d", "1")], 10));
        Assert.Equal([new("a", "1"), new("b", "2")], series!.Labels);
        Assert.Equal(4, family.Series.Count());
    }

    [Fact]
    public void Validate_EveryMistake_IsReportedWithItsKey()
    {
        var options = new TelemetryOptions { Otlp = { Endpoint = "collector:4317", Interval = TimeSpan.Zero, Headers = "nothing" } };
        var result = new TelemetryOptionsValidator().Validate(null, options);
        string[] keys = [.. result.Failures!.Select(failure => failure.Split(' ')[0])];
        Assert.Equal(["Telemetry:Otlp:Endpoint", "Telemetry:Otlp:Interval", "Telemetry:Otlp:Headers"], keys);
        Assert.True(new TelemetryOptionsValidator().Validate(null, new TelemetryOptions()).Succeeded);
    }
}
