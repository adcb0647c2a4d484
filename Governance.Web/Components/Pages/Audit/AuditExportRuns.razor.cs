using Governance.Domain;
using Governance.Domain.Organizations;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Governance.Web.Components.Pages.Audit;

/// <summary>Exports that are written to a file: begins them, shows how far they are, and has the browser fetch those that were begun here.</summary>
public sealed partial class AuditExportRuns(AuditExportFiles files, IJSRuntime js, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _gone = new();
    private readonly HashSet<Guid> _begunHere = [];
    private IReadOnlyList<AuditExportRun> _runs = [];
    private Refusal? _refusal;
    private Task _following = Task.CompletedTask;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    /// <summary>Begins an export of a period.</summary>
    public async Task StartAsync(DayRange days)
    {
        var range = TimeRange.Of(days, Viewer.ReportingZone);
        var started = await files.StartAsync(Viewer.Actor, range.From, range.To, _gone.Token);
        _refusal = started.Refusal;
        if (started.Succeeded) _begunHere.Add(started.Value.Id);
        await ReadAsync(_gone.Token);
        Follow();
    }

    protected override async Task OnInitializedAsync()
    {
        await ReadAsync(_gone.Token);
        Follow();
    }

    private void Follow()
    {
        if (_following.IsCompleted) _following = FollowAsync(_gone.Token);
    }

    /// <summary>Looks again and again while there is something to look at.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, time);
            while (_runs.Count > 0 && await timer.WaitForNextTickAsync(cancellation)) await InvokeAsync(() => ReadAsync(cancellation));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or JSDisconnectedException)
        {
            // The page is gone, or the circuit. The export goes on.
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            _runs = await files.ListAsync(Viewer.Actor, cancellation);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }

        StateHasChanged();
        foreach (var run in _runs.Where(run => run.State == AuditExportState.Ready && _begunHere.Remove(run.Id)))
            await js.InvokeVoidAsync("governance.download", cancellation, Links.AuditZip(run.Id));
    }

    private async Task RemoveAsync(AuditExportRun run)
    {
        await files.RemoveAsync(Viewer.Actor, run.Id, CancellationToken.None);
        await ReadAsync(_gone.Token);
    }

    private string DaysOf(AuditExportRun run) =>
        Viewer.Formats.Days(new DayRange(Viewer.ReportingZone.DayOf(run.Plan.From), Viewer.ReportingZone.DayOf(run.Plan.To.AddTicks(-1))));

    private string Said(AuditExportRun run) => run.State switch
    {
        AuditExportState.Writing => $"{Viewer.Formats.Count(run.Written)} of {Viewer.Formats.Count(run.Plan.Count)} entries written. You can leave this page and come back.",
        AuditExportState.Ready => $"Ready with {Viewer.Formats.Count(run.Plan.Count)} {(run.Plan.Count == 1 ? "entry" : "entries")}. It can be downloaded once, until {Viewer.Formats.Time(run.StartedAt + AuditExportFiles.Lifetime)}.",
        _ => "The export could not be written. Try again; if it fails again, the operator finds why in the program's log.",
    };

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }
}
