using Governance.Domain;
using Governance.Infrastructure.Audit;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>The entries whose details hold a text, as they are found. Another text or filter is another component.</summary>
public sealed partial class AuditTextResults(AuditTextSearch search, TimeProvider time, ILogger<AuditTextResults> logger)
{
    /// <summary>How often figures that change are drawn.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _gone = new();
    private readonly List<AuditRow> _rows = [];
    private readonly List<string> _problems = [];
    private CancellationTokenSource? _stretch;
    private DateTimeOffset? _back;
    private DateTimeOffset _drawn;
    private Refusal? _refusal;
    private string? _next;
    private string _said = "";
    private long _before;
    private long _looked;
    private bool _running;
    private bool _done;
    private bool _failed;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    /// <summary>In which entries.</summary>
    [Parameter, EditorRequired]
    public AuditFilter Filter { get; set; } = default!;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    [Parameter, EditorRequired]
    public PeriodChoice Period { get; set; } = default!;

    [Parameter, EditorRequired]
    public Func<AuditRow, string> LinkOf { get; set; } = default!;

    protected override void OnInitialized() => Continue();

    /// <summary>Begins the next stretch. It runs beside the page, which stays as quick as before.</summary>
    private void Continue()
    {
        _stretch?.Dispose();
        _stretch = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        (_running, _failed, _before, _said) = (true, false, _looked, "Searching.");
        var (from, token) = (_next, _stretch.Token);
        _ = Task.Run(() => SearchAsync(from, token), token);
    }

    private Task StopAsync() => _stretch?.CancelAsync() ?? Task.CompletedTask;

    private async Task SearchAsync(string? from, CancellationToken cancellation)
    {
        try
        {
            var begun = await search.BeginAsync(Viewer.Actor, Filter, Text, from, cancellation);
            if (begun.Succeeded)
            {
                await foreach (var step in begun.Value.WithCancellation(cancellation)) await InvokeAsync(() => Show(step));
            }

            await InvokeAsync(() => End(begun.Refusal));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            if (!_gone.IsCancellationRequested) await InvokeAsync(() => End(null));
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            if (!_gone.IsCancellationRequested) await InvokeAsync(() => End(null, failed: true));
        }
    }

    private void Show(AuditTextStep step)
    {
        _rows.AddRange(step.Hits.Select(hit => hit.Row));
        (_looked, _back, _next, _done) = (_before + step.Looked, step.Back ?? _back, step.Next, step.Next is null);
        if (step.Problem is { } problem) _problems.Add(problem);
        if (step.Hits.Count == 0 && time.GetUtcNow() - _drawn < Every) return;
        _drawn = time.GetUtcNow();
        StateHasChanged();
    }

    private void End(Refusal? refusal, bool failed = false)
    {
        (_running, _refusal, _failed) = (false, refusal, failed);
        _said = refusal is null ? Progress() : "";
        StateHasChanged();
    }

    private string Progress()
    {
        var (formats, all) = (Viewer.Formats, _done && _problems.Count == 0);
        var looked = _looked == 1 ? "1 entry" : $"{formats.Count(_looked)} entries";
        var back = all || _back is not { } at ? "" : $" back to {formats.Minute(at)}";
        return $"Looked at {(all && _looked > 1 ? "all " : "")}{looked}{back}, {(_rows.Count == 1 ? "1 hit" : $"{formats.Count(_rows.Count)} hits")}.";
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        _stretch?.Dispose();
    }

    [LoggerMessage(EventId = 5003, Level = LogLevel.Error, Message = "The search in the audit log's details failed for a page.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
