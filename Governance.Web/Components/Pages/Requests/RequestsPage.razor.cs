using Governance.Infrastructure.Data;
using Governance.Infrastructure.Proxy;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.Requests;

/// <summary>Calls, newest first.</summary>
public sealed partial class RequestsPage
{
    private LoadPanel<Listing> _panel = default!;
    private LedgerWatch? _watch;
    private RequestState? _state;
    private PagePlace _place = PagePlace.First;
    private object _question = "";
    private bool _filtered;
    private bool _newer;

    [SupplyParameterFromQuery(Name = "outcome")]
    private string? Outcome { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    [SupplyParameterFromQuery(Name = "trail")]
    private string? Trail { get; set; }

    private sealed record Listing(Page<RequestRow> Page, RequestNames Names, DateTimeOffset ReadAt);

    protected override void OnInitialized() =>
        _watch = new LedgerWatch(Feed, Viewer.OrganizationId, () => _ = InvokeAsync(NoticeNewer), Clock);

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        (_state, _place) = (RequestState.Parse(Outcome), PagePlace.Parse(Cursor, Trail));
        _filtered = Scope != CostScope.Everything || _state is not null;
        _question = (Period, Scope, _state, _place);
    }

    public static RequestFilter FilterOf(TimeRange range, CostScope scope, RequestState? state) => new(range)
    {
        TeamId = scope.Team,
        ApplicationId = scope.Application,
        KeyId = scope.Key,
        SubjectId = scope.Person,
        Provider = scope.Provider,
        Model = scope.Model,
        Outcome = state?.Outcome,
        OpenOnly = state is { IsOpen: true },
        CachedOnly = state is { IsCached: true },
    };

    private async Task<Listing> LoadAsync(CancellationToken cancellation)
    {
        _newer = false;
        var readAt = Clock.GetUtcNow();
        var filter = FilterOf(TimeRange.Of(Period.Days, Viewer.ReportingZone), Scope, _state);
        var page = await Queries.ListAsync(Viewer.Actor, filter, _place.Cursor, Page<RequestRow>.DefaultSize, cancellation);
        var names = await RequestNames.LoadAsync(Names, Viewer.Actor, page.Items.Select(row => row.Call.SubjectId), cancellation);
        return new Listing(page, names, readAt);
    }

    /// <summary>Rows do not move under a reader's eyes: the first page offers the new ones instead.</summary>
    private void NoticeNewer()
    {
        if (!_place.IsFirst || _newer) return;
        _newer = true;
        StateHasChanged();
    }

    private Task ShowNewerAsync() => _panel.RefreshAsync();

    public void Dispose() => _watch?.Dispose();
}
