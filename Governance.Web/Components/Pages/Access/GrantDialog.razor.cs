using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Identity.Access;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.Access;

/// <summary>Grants a role, or proposes it where another person must approve; shows conflicts of duties before that.</summary>
public sealed partial class GrantDialog
{
    private static readonly GrantChoices None = new([], [], RoleCatalog.BuiltIn);

    private Dialog _dialog = default!;
    private GrantChoices _choices = None;
    private IReadOnlyList<GrantChoice> _people = [];
    private IReadOnlyList<DutyConflict> _conflicts = [];
    private Guid? _fixedPerson;
    private Guid? _person;
    private string? _fixedRole;
    private string _role = "";
    private string _typed = "";
    private string _scope = "";
    private string _reason = "";
    private DateOnly? _until;
    private bool _accepted;
    private string? _why;
    private Refusal? _refusal;
    private ApprovalRequest? _proposed;
    private bool _busy;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    [Parameter]
    public EventCallback OnGranted { get; set; }

    private bool Forbidden => _conflicts.Any(conflict => conflict.Forbidden);

    /// <summary>Opens it for one person, or for one role.</summary>
    public async Task OpenAsync(Guid? person = null, string? role = null)
    {
        (_fixedPerson, _person, _fixedRole, _role) = (person, person, role, role ?? "");
        (_typed, _scope, _reason, _until, _accepted, _refusal, _proposed, _people) = ("", "", "", null, false, null, null, []);
        _choices = await Queries.ChoicesAsync(Viewer.Actor, CancellationToken.None);
        await PreviewAsync();
        await _dialog.OpenAsync();
    }

    /// <summary>Whom the text means: somebody whose name and address, or whose address, it is.</summary>
    private async Task FindAsync()
    {
        var typed = _typed;
        var people = _people;
        if (!people.Any(person => LabelOf(person) == typed)) people = await Queries.PeopleAsync(Viewer.Actor, typed, CancellationToken.None);
        if (typed != _typed) return; // They typed on meanwhile, and that search is on its way.
        _people = people;
        var chosen = people.FirstOrDefault(person => LabelOf(person) == typed || string.Equals(person.Detail, typed.Trim(), StringComparison.OrdinalIgnoreCase))?.Id;
        if (_person == chosen) return;
        _person = chosen;
        await PreviewAsync();
    }

    private async Task PreviewAsync()
    {
        _accepted = false;
        _why = _role.Length == 0 ? null : await Service.WhyApprovalAsync(Viewer.Actor, _role, CancellationToken.None);
        _conflicts = _role.Length == 0 || _person is not { } person ? [] : await Service.ConflictsAsync(Viewer.Actor, person, _role, CancellationToken.None);
    }

    private async Task GrantAsync()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            if (_fixedPerson is null) await FindAsync(); // The search of the last letter may still be on its way.
            await GrantToAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task GrantToAsync()
    {
        _refusal = _person is null ? Refusal.Invalid("PersonId", "Choose a person from the list.")
            : _role.Length == 0 ? Refusal.Invalid("Role", "Choose a role.") : null;
        if (_refusal is not null) return;

        var grant = new NewGrant(_person!.Value, _role, ScopeOf(_scope), _until is { } day ? Viewer.ReportingZone.StartOf(day.AddDays(1)) : null, _reason, _accepted);
        var result = await Service.GrantAsync(Viewer.Actor, grant, CancellationToken.None);
        _refusal = result.Refusal;
        if (!result.Succeeded) return;
        _proposed = result.Value.Approval;
        if (_proposed is not null) return;
        await _dialog.CloseAsync();
        await OnGranted.InvokeAsync();
    }

    private static string LabelOf(GrantChoice person) => $"{person.Name} <{person.Detail}>";

    private static AccessScope ScopeOf(string text) => text.Split(':') switch
    {
        ["team", var id] => AccessScope.Team(Guid.Parse(id)),
        ["application", var id] => AccessScope.Application(Guid.Parse(id)),
        _ => AccessScope.Organization,
    };

    private string? ErrorOf(string field) => _refusal?.Field == field ? _refusal.Message : null;
}
