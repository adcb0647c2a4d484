using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>The newest entries, as they come. It reads the newest page again and again while it is on screen.</summary>
public sealed partial class AuditLive(AuditQueries queries, TimeProvider time, ILogger<AuditLive> logger)
{
    private const int MaxRows = 200;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<AuditRow> _rows = [];
    private DateTimeOffset _since;
    private int _arrived;
    private bool _paused;
    private bool _failed;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    /// <summary>What is there already.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<AuditRow> Initial { get; set; } = [];

    /// <summary>Which events; another filter is another component.</summary>
    [Parameter, EditorRequired]
    public AuditFilter Filter { get; set; } = default!;

    [Parameter, EditorRequired]
    public Func<AuditRow, string> LinkOf { get; set; } = default!;

    protected override void OnInitialized()
    {
        (_rows, _since) = (Initial, time.GetUtcNow());
        _ = FollowAsync(_gone.Token);
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, time);
            while (await timer.WaitForNextTickAsync(cancellation)) await InvokeAsync(() => ReadAsync(cancellation));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone, or the circuit.
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        if (_paused) return;
        try
        {
            Show(await queries.ListAsync(Viewer.Actor, Filter, cursor: null, Page<AuditRow>.DefaultSize, cancellation));
            _failed = false;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogFailed(logger, exception);
            _failed = true;
        }

        StateHasChanged();
    }

    private void Show(Page<AuditRow> newest)
    {
        var known = _rows.Select(row => row.Event.Id).ToHashSet();
        var ids = newest.Items.Select(row => row.Event.Id).ToHashSet();
        _arrived += ids.Count(id => !known.Contains(id));

        // More than a page came at once: what is below would not join it.
        var older = newest.Next is not null && !ids.Overlaps(known) ? [] : _rows.Where(row => !ids.Contains(row.Event.Id));
        _rows = [.. newest.Items.Concat(older).Take(MaxRows)];
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "The audit log could not be read for a page that follows it.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
