"""The sign-in pages of allauth that Trygg uses: nobody signs up by themselves, and an address is changed by an administrator."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import include, path

from trygg.kernel.people import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", views.by_invitation, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/<uidb36>-<key>/", account.password_reset_from_key, name="account_reset_password_from_key"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include("allauth.mfa.urls")),
    path("oidc/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/signup/", views.by_invitation, name="socialaccount_signup"),
    path("oidc/connections/", social.connections, name="socialaccount_connections"),
]
