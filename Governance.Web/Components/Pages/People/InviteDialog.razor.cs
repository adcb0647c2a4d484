using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.People;

/// <summary>Invites one person.</summary>
public sealed partial class InviteDialog
{
    private Dialog _dialog = default!;
    private IReadOnlyList<TeamRow> _teams = [];
    private IReadOnlyList<RoleDefinition> _roles = [];
    private IReadOnlyList<string> _approvalRoles = [];
    private int _days;
    private string _name = "";
    private string _email = "";
    private string _team = "";
    private string _role = Roles.Member;
    private bool _forTeam;
    private Refusal? _refusal;
    private bool _busy;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    /// <summary>Tells the address once the invitation is on its way.</summary>
    [Parameter]
    public EventCallback<string> OnInvited { get; set; }

    private string? Description => _roles.FirstOrDefault(role => role.Name == _role)?.Description;

    /// <param name="team">The team that is chosen at first.</param>
    public async Task OpenAsync(Guid? team)
    {
        _teams = await Teams.TreeAsync(Viewer.Actor, archived: false, CancellationToken.None);
        _roles = await People.RolesAsync(Viewer.Actor, CancellationToken.None);
        var settings = await Settings.GetAsync(Viewer.OrganizationId, CancellationToken.None);
        (_approvalRoles, _days) = (settings.ApprovalRoles, (int)settings.InvitationLifetime.TotalDays);
        _team = _teams.Any(known => known.Id == team) ? team.ToString()! : "";
        Suggest();
        await _dialog.OpenAsync();
    }

    private bool NeedsApproval(RoleDefinition role) =>
        new RoleCatalog(_roles).WithInherited(role.Name).Overlaps(_approvalRoles);

    /// <summary>A team's own roles are for the team, others for everything, until somebody chooses otherwise.</summary>
    private void Suggest() => _forTeam = _team.Length > 0 && _role is Roles.Member or Roles.TeamLead;

    private async Task InviteAsync()
    {
        if (_busy) return;
        _busy = true;
        var team = Guid.TryParse(_team, out var id) ? id : (Guid?)null;
        var scope = _forTeam && team is { } own ? AccessScope.Team(own) : AccessScope.Organization;
        var result = await Service.InviteAsync(Viewer.Actor, new NewInvitation(_name, _email, _role, scope, team), CancellationToken.None);
        (_refusal, _busy) = (result.Refusal, false);
        if (!result.Succeeded) return;
        var email = _email.Trim();
        await _dialog.CloseAsync();
        await OnInvited.InvokeAsync(email);
    }

    private string? ErrorOf(string field) => _refusal?.Field == field ? _refusal.Message : null;

    private void Forget() => (_name, _email, _team, _role, _forTeam, _refusal) = ("", "", "", Roles.Member, false, null);
}
