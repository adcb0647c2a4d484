using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.AccessReviews;

/// <summary>One review: what it looks at, and what is decided about each.</summary>
public sealed partial class AccessReviewPage
{
    private LoadPanel<Loaded> _panel = default!;
    private ConfirmDialog _confirm = default!;
    private AccessReviewFilter _filter = AccessReviewFilter.Everything;
    private PagePlace _place = PagePlace.First;
    private AccessReviewItems? _shown;
    private object _question = "";
    private Refusal? _refusal;
    private string _said = "";
    private bool _print;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    [Parameter]
    public string Id { get; set; } = "";

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "decision")]
    private string? Decision { get; set; }

    [SupplyParameterFromQuery(Name = "person")]
    private string? Person { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    [SupplyParameterFromQuery(Name = "trail")]
    private string? Trail { get; set; }

    /// <summary>All items on one page and nothing to press, for paper.</summary>
    [SupplyParameterFromQuery(Name = "print")]
    private string? Print { get; set; }

    private sealed record Loaded(AccessReviewDetail? Detail, AccessReviewItems Items, AccessReviewEvidence? Evidence);

    protected override void OnParametersSet()
    {
        var filter = ReviewFilterQuery.Parse(Kind, Decision, Person);
        var question = (Id, filter, Cursor, Trail, Print);
        if (question.Equals(_question)) return;
        (_question, _filter, _place, _print) = (question, filter, PagePlace.Parse(Cursor, Trail), Print is not null);
        (_shown, _refusal, _said) = (null, null, "");
    }

    private async Task<Loaded> LoadAsync(CancellationToken cancellation)
    {
        var detail = PublicId.TryParse(PublicId.AccessReview, Id, out var id) ? await Queries.FindAsync(Viewer.Actor, id, cancellation) : null;
        if (detail is null) return new Loaded(null, new AccessReviewItems([], null, AccessReviewNames.None), null);

        var items = await ItemsAsync(id, cancellation);
        var evidence = detail.Row.Review.IsSealed ? (await Service.VerifyAsync(Viewer.Actor, id, cancellation)).Value : null;
        return new Loaded(detail, items, evidence);
    }

    /// <summary>Rows do not move under a reader's eyes: what was decided here stays, even where the filter would now leave it out.</summary>
    private async Task<AccessReviewItems> ItemsAsync(Guid review, CancellationToken cancellation)
    {
        _shown = _shown is null
            ? _print
                ? await Queries.AllItemsAsync(Viewer.Actor, review, _filter, cancellation)
                : await Queries.ItemsAsync(Viewer.Actor, review, _filter, _place.Cursor, Page<AccessReviewItem>.DefaultSize, cancellation)
            : await Queries.ItemsAsync(Viewer.Actor, review, [.. _shown.Items.Select(item => item.Id)], cancellation) with { Next = _shown.Next };
        return _shown;
    }

    private bool MayDecide(AccessReview review) => !review.IsSealed && Viewer.May(Permissions.AccessReviewsWrite);

    private async Task<Result> DecideAsync(AccessReview review, ReviewVerdict verdict)
    {
        var result = await Service.DecideAsync(Viewer.Actor, review.Id, verdict, CancellationToken.None);

        // A refusal of what needs a reason is shown in the dialog that asks for it.
        _refusal = verdict.Decision == ReviewDecision.Keep ? result.Refusal : null;
        if (!result.Succeeded) return result;
        _said = verdict.Items.Count == 1 ? $"{ReviewWords.Of(verdict.Decision)}: decided." : $"{verdict.Items.Count} items: kept.";
        await _panel.RefreshAsync();
        return result;
    }

    private Task AskToFinishAsync(AccessReviewRow row) => _confirm.AskAsync(
        $"All {Viewer.Formats.Count(row.Items)} items of “{row.Review.Name}” are decided. Once it is finished, nothing of it can be changed any more.",
        async () =>
        {
            var result = await Service.FinishAsync(Viewer.Actor, row.Review.Id, CancellationToken.None);
            if (!result.Succeeded) return result;
            await _panel.RefreshAsync();
            Navigation.NavigateTo(Navigation.Uri, replace: true); // lets the navigation count anew what is overdue
            return result;
        });
}
