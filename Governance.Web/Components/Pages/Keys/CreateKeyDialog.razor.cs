using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Organizations;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Pages.Keys;

/// <summary>Creates a key, and with it the application if that is new, and shows the secret once.</summary>
public sealed partial class CreateKeyDialog
{
    private Dialog _dialog = default!;
    private IReadOnlyList<ApplicationRow> _applications = [];
    private IReadOnlyList<Team> _teams = [];
    private string _application = "";
    private string _newApplication = "";
    private string _team = "";
    private CredentialForm _form = new();
    private string _environment = KeyService.Environments[0];
    private string _dataClass = "internal";
    private Refusal? _refusal;
    private CreatedKey? _created;
    private bool _busy;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    [Parameter]
    public EventCallback OnCreated { get; set; }

    public async Task OpenAsync()
    {
        // Who may see an application need not be who may make keys for it.
        _applications = [.. (await Applications.ListAsync(Viewer.Actor, CancellationToken.None))
            .Where(application => Viewer.May(Permissions.KeysWrite, AccessScope.Application(application.Id)))];
        _teams = await Applications.ListTeamsAsync(Viewer.Actor, CancellationToken.None);
        _application = _applications.Count == 0 ? "" : _applications[0].Id.ToString();
        _form = CredentialForm.New(Viewer.Actor.Id, [ProxyApis.ChatCompletions]);
        _refusal = await Sessions.CheckProofAsync(Viewer.Actor, CancellationToken.None);
        await _dialog.OpenAsync();
    }

    private async Task CreateAsync()
    {
        if (_busy) return;
        _busy = true;
        _refusal = null;
        try
        {
            if (!await RegisterAsync()) return;
            var result = await Service.CreateAsync(Viewer.Actor, ToRequest(), CancellationToken.None);
            (_created, _refusal) = (result.Value, result.Refusal);
            if (result.Succeeded) await OnCreated.InvokeAsync();
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Registers the application if it is new, after all else was checked, so that a mistyped key leaves none behind.</summary>
    private async Task<bool> RegisterAsync()
    {
        if (_application.Length > 0) return true;
        _refusal = string.IsNullOrWhiteSpace(_form.Name)
            ? Refusal.Invalid("Name", $"Give the key a name of 1 to {Credential.MaxNameLength} characters.")
            : await Sessions.CheckProofAsync(Viewer.Actor, CancellationToken.None);
        if (_refusal is not null) return false;

        var result = await Applications.CreateAsync(Viewer.Actor, _newApplication, _team, CancellationToken.None);
        _refusal = result.Refusal;
        if (!result.Succeeded) return false;
        _applications = [.. _applications, result.Value];
        _application = result.Value.Id.ToString();
        return true;
    }

    private NewVirtualKey ToRequest() => new(Guid.Parse(_application), _form.Name, _environment, _dataClass)
    {
        OwnerId = _form.Owner,
        Scopes = [.. _form.Scopes],
        AllowedModels = _form.AllowedModels,
        ExpiresAt = _form.ExpiresAt(Viewer.ReportingZone),
    };

    private string? ErrorOf(string field) => _refusal?.Field == field ? _refusal.Message : null;

    private void Forget()
    {
        (_created, _refusal) = (null, null);
        _newApplication = _team = "";
    }

    private IReadOnlyList<(string Title, string Text)> Snippets(string key) =>
    [
        ("curl", UsageSnippets.Curl(Navigation.BaseUri, key)),
        ("Python", UsageSnippets.Python(Navigation.BaseUri, key)),
        ("Node", UsageSnippets.Node(Navigation.BaseUri, key)),
        (".NET", UsageSnippets.DotNet(Navigation.BaseUri, key)),
    ];
}
